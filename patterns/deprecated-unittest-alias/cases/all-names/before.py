import unittest


class TestIt(unittest.TestCase):
    def test_it(self):
        self.assertEquals(a, b)
        self.assertNotEquals(a, b)
        self.assert_(a, b)
        self.assertAlmostEquals(a, b)
        self.assertNotAlmostEquals(a, b)
        self.assertRegexpMatches(a, b)
        self.assertNotRegexpMatches(a, b)
        self.assertRaisesRegexp(a, b)
        self.failUnless(a, b)
        self.failIf(a, b)
        self.failUnlessEqual(a, b)
        self.failIfEqual(a, b)
        self.failUnlessAlmostEqual(a, b)
        self.failIfAlmostEqual(a, b)
        self.failUnlessRaises(a, b)


class TestAsync(unittest.IsolatedAsyncioTestCase):
    async def test_it(self):
        self.assertEquals(1, 1)


class TestCased(unittest.case.TestCase):
    def test_it(self):
        self.assertEquals(1, 1)
