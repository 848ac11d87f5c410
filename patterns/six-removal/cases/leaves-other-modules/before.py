from django.utils import six
from . import six as own
from .six import text_type

a = six.text_type, own.text_type, text_type
for b in six.iteritems(a):
    pass
