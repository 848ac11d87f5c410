raw = r"\d{2}%s" % (name,)
upper = R'\%s' % (name,)
path = "C:\\%s\\{%s}" % (name, other)
unicode = u"%s" % (name,)
triple = """"%s"
  "quoted" %s\
""" % (table["key"], name)
other = 'all of "%s"' % (table["key"],)
