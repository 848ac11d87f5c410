self.assertTrue((a, b))
self.assert_((a, b))
assert_((a, b))
