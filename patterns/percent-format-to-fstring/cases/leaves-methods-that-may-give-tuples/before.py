a = "%s" % name.partition(".")
b = "%s" % point.replace(x=1)
c = "%s" % match.groups()
d = "%s" % find().path.join
e = "%s" % lower()
