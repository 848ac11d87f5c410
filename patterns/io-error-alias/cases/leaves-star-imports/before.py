from mine import *

try:
    pass
except IOError:
    pass
