a = "{} ".format(names["first"])
b = "{} ".format("\n".join(names))
c = "{} ".format(find('#'))
d = "{} ".format(find(
    name))
e = "{} ".format({1: 2})
