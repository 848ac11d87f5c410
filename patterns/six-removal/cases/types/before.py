import os

import six

if isinstance(a, six.string_types) or issubclass(b, six.integer_types):
    c = six.text_type(six.unichr(d)), (six.binary_type)
e = isinstance(a, (six.string_types, list))
f = six.string_types + (bytes,)


class G(six.Iterator):
    pass
