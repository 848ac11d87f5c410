a = "%.3d" % len(x)
b = "%5.3d" % len(x)
c = "%-d" % len(x)
d = "%s %s" % len(x)
e = "%(one)s" % {"one": 1, **more}
f = "%s" % type(*x)
g = "%s" % type(x, (), {})
h = "%s" % type(name=x)
