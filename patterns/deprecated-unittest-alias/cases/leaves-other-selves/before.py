import unittest


class TestIt(unittest.TestCase):
    @classmethod
    def make(self):
        self.assertEquals(1, 1)

    def other(this, self):
        self.assertEquals(1, 1)
        this.assertEquals(1, 1)

    self.assertEquals(1, 1)
    lambda: self.assertEquals(1, 1)


class Unpacked(*bases):
    def test_it(self):
        self.assertEquals(1, 1)


def outside(self):
    self.assertEquals(1, 1)
    make().assertEquals(1, 1)


self.assertEquals(1, 1)
