a = "\x7b}".format(name)
b = "\N{BULLET} {}".format(name)
c = "\{} ".format(name)
d = "{:\t>5} ".format(name)
