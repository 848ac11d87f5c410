assert (a, "b"), "c"
assert ((a, b))
