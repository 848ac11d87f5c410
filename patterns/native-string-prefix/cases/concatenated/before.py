x = u"one " u"two " "three"
y = (
    u"one"  # first
    # second
    u"two"
    r"three\d"
)
z = b"" if x else u"a" f"b{u'c'}" u"d"
