from unittest import mock

import pytest
from django.test import override_settings, tag
from mock import patch
from zope.interface import implementer


@pytest.mark.slow
class Slow(Base):
    def setUp(self):
        super().setUp()


@pytest.mark.usefixtures("store")
class Stored(Base):
    def setUp(self):
        super().setUp()


@mock.patch("shop.now", 1)
class Patched(Base):
    def setUp(self):
        super().setUp()


@mock.patch.object(Shop, "now", 1)
class PatchedToo(Base):
    def setUp(self):
        super().setUp()


@patch("shop.now", 1)
class AlsoPatched(Base):
    def setUp(self):
        super().setUp()


@patch.object(Shop, "now", 1)
class PatchedAsWell(Base):
    def setUp(self):
        super().setUp()


@override_settings(DEBUG=True)
class Debugged(Base):
    def setUp(self):
        super().setUp()


@tag("slow")
class Tagged(Base):
    def setUp(self):
        super().setUp()


@implementer(IShop)
class Shop(Base):
    def setUp(self):
        super().setUp()
