from numpy import *

a = "%s" % sorted(things)
b = f"{things!s}"
