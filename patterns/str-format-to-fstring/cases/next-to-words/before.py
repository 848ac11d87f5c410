def check(name):
    if "<{}>".format(name)in known or not ("<{}>".format(name)):
        return("<{}>".format(name))
    return"<{}>".format(name) if name else"<{}>".format(name)
