from unittest import TestCase as Case


class Mixin:
    pass


class Base(Mixin, Case):
    pass


class TestIt(Base, object):
    @patch("a.b")
    def test_it(self, b):
        with self.assertRaisesRegexp(ValueError, "no"):  # why
            run()
        check = self . assertEquals
        later(lambda: self.assertNotEquals(1, 1))

        def inner():
            self.assert_(b)
