import unittest


class TestIt(unittest.TestCase):
    def test_it(self):
        self.assertEqual(1, 1)
        self.assertRaises(ValueError)
        self.fail("failUnless")
