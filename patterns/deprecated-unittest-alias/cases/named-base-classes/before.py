from project.testing import BaseCase


class TestIt(BaseCase):
    def test_it(self):
        self.assertEquals(1, 1)
