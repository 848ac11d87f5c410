from django.test import SimpleTestCase


class TestIt(SimpleTestCase):
    def test_it(self):
        self.assertEqual(1, 1)
