from compat import str, type


def len(things):
    return 1.5


a = "%d" % len(things)
b = "%s" % type(thing)
c = "%s" % str(thing)
d = "%s %s" % (thing, len(things))
