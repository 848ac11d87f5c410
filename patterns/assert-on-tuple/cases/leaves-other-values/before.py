assert [a, b]
assert pair
assert tuple([a, b])
assert (yielded for yielded in values)
