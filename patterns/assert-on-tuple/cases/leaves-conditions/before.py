assert count > 0, "empty"
assert (count > 0), "empty"
assert (
    count > 0
    and ready
), (a, b)
