import sys


def describe(name, text, flag, table):
    a = "%s %s" % (name, text[1:-1])
    b = "%s %s" % (name, text[:len(name)])
    c = "%s %s" % (name, "s" if flag else "")
    d = "%s %s" % (name, getattr(text, "size", 0))
    e = "%s %s %s" % (name, text == name, not flag)
    f = "%s %s" % (name, [text, flag])
    g = "%s %s" % (name, round(table[0], 2))
    h = "%s %s" % (name, sys.getdefaultencoding())
    i = "%s %s %s" % (table[0], table[1], table[-1])
    return "%s %s" % (name, text.encode().decode("ascii"))
