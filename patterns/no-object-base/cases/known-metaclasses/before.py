import abc
from abc import ABCMeta as Meta


class Abstract(object, metaclass=abc.ABCMeta):
    pass


class Renamed(Base, object, metaclass=Meta):
    pass


class Ordinary(object, metaclass=type):
    pass


class Configured(Base, object, option=1):
    pass
