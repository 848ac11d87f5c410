a = "%(name)s" % values
b = "%(b)s %(a)s" % {"a": one(), "b": two}
c = "%(a)s %(a)s" % {"a": one}
d = "%(a)s" % {"a": one, "b": two}
e = "%(a)s %(b)s" % {"a": one, **more}
f = "%(a)s" % {key: one}
g = "%(a)s %s" % {"a": one}
h = "%(a)s" % dict(a=one)
i = "%(a)s %(a)s" % {"a": one, "a": two}
