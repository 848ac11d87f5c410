class Noted:
    pass


class Commented(  # object: see below
    object,
):
    pass


class Explained(
    Base,
    object,  # so that it is new-style on Python 2
):
    pass
