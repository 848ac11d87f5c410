from django import test
from django.test.testcases import TestCase as TestCases
from django.test import SimpleTestCase


class TestIt(SimpleTestCase):
    def test_it(self):
        self.assertEqual(1, 1)


class TestLive(test.LiveServerTestCase):
    def test_it(self):
        self.assertEqual(1, 1)


class TestPlain(test.TestCase):
    def test_it(self):
        self.assertEqual(1, 1)


class TestTransaction(test.TransactionTestCase):
    def test_it(self):
        self.assertEqual(1, 1)


class TestInner(TestCases):
    def test_it(self):
        self.assertEqual(1, 1)
