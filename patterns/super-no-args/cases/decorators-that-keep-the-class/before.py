import enum
import typing
import unittest
from dataclasses import dataclass
from functools import total_ordering as ordered

import six
import typing_extensions


@ordered
@dataclass(frozen=True)
class Version(Base):
    def __lt__(self, other):
        return super(Version, self).__lt__(other)


@unittest.skipIf(True, "not today")
class TestVersion(unittest.TestCase):
    def setUp(self):
        super(TestVersion, self).setUp()


@enum.unique
class Colour(enum.Enum):
    def __str__(self):
        return super(Colour, self).__str__()


@six.python_2_unicode_compatible
class Text(Base):
    def __str__(self):
        return super(Text, self).__str__()


@typing.final
class Last(Base):
    def run(self):
        super(Last, self).run()


@typing.runtime_checkable
class Runs(typing.Protocol):
    def run(self):
        super(Runs, self).run()


@typing_extensions.final
class Final(Base):
    def run(self):
        super(Final, self).run()


@typing_extensions.runtime_checkable
class Goes(typing.Protocol):
    def run(self):
        super(Goes, self).run()


@unittest.skip("not today")
class TestSkipped(unittest.TestCase):
    def setUp(self):
        super(TestSkipped, self).setUp()


@unittest.skipUnless(False, "not today")
class TestUnless(unittest.TestCase):
    def setUp(self):
        super(TestUnless, self).setUp()
