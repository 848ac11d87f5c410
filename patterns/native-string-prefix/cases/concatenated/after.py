x = "one " "two " "three"
y = (
    "one"  # first
    # second
    "two"
    r"three\d"
)
z = b"" if x else "a" f"b{'c'}" "d"
