import unittest


class Base(unittest.TestCase):
    def assertEquals(self, one, other):
        return close(one, other)

    failUnless = None


class TestIt(Base):
    def test_it(self):
        self.assertEquals(1, 1)
        self.failUnless(1)
