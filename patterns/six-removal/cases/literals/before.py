import six

a = six.b("abc\n\xff"), six.u("\u20ac"), six.u(u'x'), six.b(r"\d")
