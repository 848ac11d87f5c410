import abc

import six


@six.add_metaclass(abc.ABCMeta)
class A(object):
    """A."""


class Meta(type):
    def __new__(mcs, *args):
        return type.__new__(mcs, *args)


# first
@final
@six.add_metaclass(Meta)
class B:
    pass


class C(six.with_metaclass(Meta, A, B)):
    pass


class D(six.with_metaclass(make(1))):
    pass
