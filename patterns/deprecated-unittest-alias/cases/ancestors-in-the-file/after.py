from unittest import TestCase as Case


class Mixin:
    pass


class Base(Mixin, Case):
    pass


class TestIt(Base, object):
    @patch("a.b")
    def test_it(self, b):
        with self.assertRaisesRegex(ValueError, "no"):  # why
            run()
        check = self . assertEqual
        later(lambda: self.assertNotEqual(1, 1))

        def inner():
            self.assertTrue(b)
