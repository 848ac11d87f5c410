from django.test import SimpleTestCase


class TestIt(SimpleTestCase):
    def test_it(self):
        self.assertEquals(1, 1)
