print(
    "a",
    "b",
)
print (1)
