import unittest


class TestIt(unittest.TestCase):
    def test_it(self):
        print(f"{self.assertEquals=}")
