class Two(Base):
    pass


class Three(Base, Mixin[int] ,):
    pass


class Long(
    Base,
):
    pass


class Open(
    Base
):
    pass


class Unpacked(*bases):
    pass
