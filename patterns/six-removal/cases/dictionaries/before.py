import six

for key in six.iterkeys(a):
    b = [value for value in six.itervalues(c or key)]
d = list(six.iteritems(e.f())), sorted(six.itervalues({1: 2}))
g = six.iteritems(e)
h = next(six.iterkeys(e)), six.viewkeys(a - b), six.PY3
