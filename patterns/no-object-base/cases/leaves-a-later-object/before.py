class Plain(object):
    pass


class Other(Plain):
    pass


object = Other
