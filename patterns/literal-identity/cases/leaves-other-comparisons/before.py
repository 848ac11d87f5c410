a = x == 1
b = x in (1, 2)
c = x not in "ab"
d = 1 < x
e = x is ("a" f"{y}")
f = x is (f"{y}" "a")
