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
        return super().__lt__(other)


@unittest.skipIf(True, "not today")
class TestVersion(unittest.TestCase):
    def setUp(self):
        super().setUp()


@enum.unique
class Colour(enum.Enum):
    def __str__(self):
        return super().__str__()


@six.python_2_unicode_compatible
class Text(Base):
    def __str__(self):
        return super().__str__()


@typing.final
class Last(Base):
    def run(self):
        super().run()


@typing.runtime_checkable
class Runs(typing.Protocol):
    def run(self):
        super().run()


@typing_extensions.final
class Final(Base):
    def run(self):
        super().run()


@typing_extensions.runtime_checkable
class Goes(typing.Protocol):
    def run(self):
        super().run()


@unittest.skip("not today")
class TestSkipped(unittest.TestCase):
    def setUp(self):
        super().setUp()


@unittest.skipUnless(False, "not today")
class TestUnless(unittest.TestCase):
    def setUp(self):
        super().setUp()
