import six

a = six.iteritems(b, multi=True), six.iteritems(*b), six.u(b), six.b("\u20ac"), six.b("é"), six.u("a" "b")
c = six.raise_from(d, e)
six.raise_from(*f)
six.raise_from(d(
    1), e)
