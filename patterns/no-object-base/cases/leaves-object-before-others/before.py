class First(object, Base):
    pass


class Before(object, *bases):
    pass


class Twice(object, object):
    pass
