def describe(self, name, *rest):
    a = "%s" % name
    b = "%r" % self
    c = "%s" % self.name
    d = "%s" % name()
    e = "%s" % (name)
    f = "%s %s" % rest
    g = "%s" % names[0]
    h = "%s %s" % (*rest, name)
    i = "%s" % tuple(name)
    j = "%s" % type("A", (), {})
    return "%(name)s" % locals()
