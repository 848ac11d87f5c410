class Two(Base, object):
    pass


class Three(Base, Mixin[int], object ,):
    pass


class Long(
    Base,
    object,
):
    pass


class Open(
    Base,
    object
):
    pass


class Unpacked(*bases, object):
    pass
