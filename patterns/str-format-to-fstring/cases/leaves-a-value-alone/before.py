from markup import safe

a = "{}".format(safe)
b = "{0!s}".format(safe)
c = "{x}" "".format(x=safe)
