def check(name):
    if f"{name!s}"in known or not (f"{name!s}"):
        return(f"{name!s}")
    return"%s" % (name,) if name else"%s" % (name,)
