from collections import defaultdict

table = defaultdict(str)

a = "{[k]} of {}".format(table, len(table))
b = "{[k]} of {}".format(self.table, len(self.table))
c = "{0[k]:>{1}}".format(table, len(table))
d = "{t[k].name}: {n}".format(t=table, n=list(table))
e = "{[k]} of {}".format(table, len(alias))
f = "{[k]} of {}".format(self.table, self.size)
g = "{1[k]} of {0}".format(len(table), table)
