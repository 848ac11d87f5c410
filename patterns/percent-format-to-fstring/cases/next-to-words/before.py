def check(name):
    if "%s" % (name,)in known or not ("%s" % (name,)):
        return("%s" % (name,))
    return"%s" % (name,) if name else"%s" % (name,)
