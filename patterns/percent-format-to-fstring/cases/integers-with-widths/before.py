a = "%5i" % len(x)
b = "%05d" % len(x)
c = "%-5i" % len(x)
