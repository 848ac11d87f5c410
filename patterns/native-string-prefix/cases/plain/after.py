x = "text"
y = 'other'
z = {"key": ['value', "plain"]}
print("a" if "b" in x else "")
