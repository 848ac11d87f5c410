a = "%s" % type(error)
b = "%d files" % len(files)
c = "<%r>" % [first, second]
d = "%s" % str(error)
e = "%s" % 1.5
f = "%s" % sorted(names)
g = "%s" % [name for name in names]
