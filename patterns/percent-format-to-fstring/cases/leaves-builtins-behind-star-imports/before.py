from numpy import *

a = "%s" % sorted(things)
