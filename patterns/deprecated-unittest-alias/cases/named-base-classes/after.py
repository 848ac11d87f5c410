from project.testing import BaseCase


class TestIt(BaseCase):
    def test_it(self):
        self.assertEqual(1, 1)
