assert ()
assert not ()
