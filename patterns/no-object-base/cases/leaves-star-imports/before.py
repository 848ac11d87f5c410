from builtins import *


class Plain(object):
    pass
