import unittest
from library import assertEqual
import helpers as assertNotEqual


class TestIt(unittest.TestCase):
    (assertTrue, [assertRegex]) = helpers
    assertRaisesRegex: object = helpers

    del assertAlmostEqual
    assertNotRegex += helpers

    def test_it(self):
        self.assertEquals(1, 1)
        self.assertNotEquals(1, 2)
        self.assert_(1)
        self.assertRegexpMatches("a", "a")
        self.assertNotRegexpMatches("a", "b")
        self.assertRaisesRegexp(ValueError, "a")
        self.assertAlmostEquals(1, 1)
