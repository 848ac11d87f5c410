open(
    path,
    "r",  # for reading
)
