a = name is "root"
b = count is not 0
c = 1.5 is value
d = code is b"x"
e = 2j is z
f = -1 is x
g = +1 is x
