a = x is None
b = x is not True
c = False is x
d = x is ...
e = None is None
f = x is Ellipsis
g = True is not x
h = x is False
