from numpy import *

a = "%s" % sorted(things)
b = "%s" % (things,)
