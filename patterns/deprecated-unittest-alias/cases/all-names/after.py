import unittest


class TestIt(unittest.TestCase):
    def test_it(self):
        self.assertEqual(a, b)
        self.assertNotEqual(a, b)
        self.assertTrue(a, b)
        self.assertAlmostEqual(a, b)
        self.assertNotAlmostEqual(a, b)
        self.assertRegex(a, b)
        self.assertNotRegex(a, b)
        self.assertRaisesRegex(a, b)
        self.assertTrue(a, b)
        self.assertFalse(a, b)
        self.assertEqual(a, b)
        self.assertNotEqual(a, b)
        self.assertAlmostEqual(a, b)
        self.assertNotAlmostEqual(a, b)
        self.assertRaises(a, b)


class TestAsync(unittest.IsolatedAsyncioTestCase):
    async def test_it(self):
        self.assertEqual(1, 1)


class TestCased(unittest.case.TestCase):
    def test_it(self):
        self.assertEqual(1, 1)
