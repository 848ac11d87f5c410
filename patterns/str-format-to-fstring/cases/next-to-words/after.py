def check(name):
    if f"<{name}>"in known or not (f"<{name}>"):
        return(f"<{name}>")
    return"<{}>".format(name) if name else"<{}>".format(name)
