import six
from project import *

a = six.text_type
