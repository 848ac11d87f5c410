from six import PY2, iteritems as items, string_types, text_type
from six.moves import range, xrange, zip

for key, value in items(a):
    b = text_type(range(xrange(key), *zip(value)))
if PY2:
    c = isinstance(b, string_types)
