import unittest


class TestIt(unittest.TestCase):
    def setUp(self):
        self.assertTrue = check
        setattr(self, "assertEqual", check)

    def test_it(self):
        self.assert_(1)
        self.assertEquals(1, 1)


unittest.TestCase.assertRegex = unittest.TestCase.assertRegexpMatches


class TestOther(unittest.TestCase):
    def test_it(self):
        self.assertRegexpMatches(a, b)
