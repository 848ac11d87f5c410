from builtins import object


class Plain(object):
    pass
