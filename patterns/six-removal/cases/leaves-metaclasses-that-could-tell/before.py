import six


class Meta(type):
    @classmethod
    def __prepare__(mcs, *args):
        return {}


@six.add_metaclass(Meta)
class A:
    pass


@six.add_metaclass(type)
class B(Base):
    pass


@six.add_metaclass(imported.Meta)
class C:
    pass


@six.add_metaclass(type)
@final
class D:
    pass


class E(Base, six.with_metaclass(type)):
    pass


class F(six.with_metaclass(type), option=1):
    pass


class G(six.with_metaclass(*bases)):
    pass


@six.add_metaclass(type)
class H:
    def f(self):
        return super().f()
