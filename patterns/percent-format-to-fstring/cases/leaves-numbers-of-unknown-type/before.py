a = "%d" % (count,)
b = "%i items" % (count,)
c = "%f %.2f" % (one, two)
d = "%c%c" % (one, two)
e = "%d" % 3.7
f = "%x" % (number,)
g = "%5.2d" % len(names)
h = "%e %g" % (1, 2)
