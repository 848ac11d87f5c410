import six
from six import PY2

if six.PY3 or PY2:
    six.reraise(*info)
