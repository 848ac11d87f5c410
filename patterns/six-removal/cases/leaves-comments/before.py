import six

a = six.iteritems(  # of b
    b)


@six.add_metaclass(type)  # the class
class A:
    pass


@final
# then
@six.add_metaclass(type)
class B:
    pass
