assert (a, b) == c
assert a in (b, c), d
assert f(a, b)
assert (a, b)[0]
