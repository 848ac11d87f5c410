x=[u"a",u"b"]
y = x[0]+u"c"if x else(u"d")
