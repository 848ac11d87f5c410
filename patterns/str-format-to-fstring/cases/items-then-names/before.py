a = "{0[k]} of {0}".format(table)
b = "{[k]} of {}".format(table, name)
c = "{1} of {0[k]}".format(table, len(table))
d = "{[k]:>{}}".format(table, 9)
