from project.testing import BaseCase


class TestIt(BaseCase):
    def test_it(self):
        self.assertEquals(1, 1)


from unittest import TestCase


class Mixed(Mixin, TestCase):
    def test_it(self):
        self.assertEquals(1, 1)
