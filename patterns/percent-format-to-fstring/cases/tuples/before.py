def describe(name, user, items):
    print("%s: %r" % (name, user.address))
    print('%s' % (name,))
    print("%a-%s" % (items[0], name))
    return "<%s %s at %x>" % (type(user).__name__, user.name, id(user))
