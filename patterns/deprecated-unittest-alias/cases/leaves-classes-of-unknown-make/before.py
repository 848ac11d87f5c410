import unittest


class A(unittest.TestCase, metaclass=Special):
    def test_it(self):
        self.assertEquals(1, 1)


class B(*bases):
    def test_it(self):
        self.assertEquals(1, 1)


class C(make_base()):
    def test_it(self):
        self.assertEquals(1, 1)


if new:
    class D(unittest.TestCase):
        pass
else:
    class D(Other):
        pass


class E(D):
    def test_it(self):
        self.assertEquals(1, 1)


class F(F):
    def test_it(self):
        self.assertEquals(1, 1)
