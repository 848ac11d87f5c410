import abc
from abc import ABCMeta as Meta


class Abstract(metaclass=abc.ABCMeta):
    pass


class Renamed(Base, metaclass=Meta):
    pass


class Ordinary(metaclass=type):
    pass


class Configured(Base, option=1):
    pass
