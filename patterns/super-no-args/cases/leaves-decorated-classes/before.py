import dataclasses

import attr
import pytest
import six


@six.add_metaclass(Meta)
class WithMetaclass(Parent):
    def run(self):
        return super(WithMetaclass, self).run()


@dataclasses.dataclass(slots=True)
class WithSlots(Parent):
    def run(self):
        return super(WithSlots, self).run()


@attr.s(slots=True)
class WithAttributes(Parent):
    def run(self):
        return super(WithAttributes, self).run()


@register
class Outer:
    class Inner(Parent):
        def run(self):
            return super(Outer.Inner, self).run()


@dataclasses.dataclass(**options)
class WithOptions(Parent):
    def run(self):
        return super(WithOptions, self).run()


@pytest.register
class Registered(Parent):
    def run(self):
        return super(Registered, self).run()
