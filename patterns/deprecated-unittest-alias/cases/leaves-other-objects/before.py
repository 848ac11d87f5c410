import unittest


class TestIt(unittest.TestCase):
    def test_it(self):
        other.assertEquals(1, 1)
        self.case.assertEquals(1, 1)
        unittest.TestCase.assertEquals(self, 1, 1)

    @staticmethod
    def check(self):
        self.assertEquals(1, 1)

    @classmethod
    def check_all(cls):
        cls.assertEquals(1, 1)

    def rebound(self):
        self = other
        self.assertEquals(1, 1)

    def inner(self):
        def check(self):
            self.assertEquals(1, 1)


def check(self):
    self.assertEquals(1, 1)
