from unittest import mock

import pytest
from django.test import override_settings, tag
from mock import patch
from zope.interface import implementer


@pytest.mark.slow
class Slow(Base):
    def setUp(self):
        super(Slow, self).setUp()


@pytest.mark.usefixtures("store")
class Stored(Base):
    def setUp(self):
        super(Stored, self).setUp()


@mock.patch("shop.now", 1)
class Patched(Base):
    def setUp(self):
        super(Patched, self).setUp()


@mock.patch.object(Shop, "now", 1)
class PatchedToo(Base):
    def setUp(self):
        super(PatchedToo, self).setUp()


@patch("shop.now", 1)
class AlsoPatched(Base):
    def setUp(self):
        super(AlsoPatched, self).setUp()


@patch.object(Shop, "now", 1)
class PatchedAsWell(Base):
    def setUp(self):
        super(PatchedAsWell, self).setUp()


@override_settings(DEBUG=True)
class Debugged(Base):
    def setUp(self):
        super(Debugged, self).setUp()


@tag("slow")
class Tagged(Base):
    def setUp(self):
        super(Tagged, self).setUp()


@implementer(IShop)
class Shop(Base):
    def setUp(self):
        super(Shop, self).setUp()
