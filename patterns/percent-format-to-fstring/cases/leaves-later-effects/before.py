a = "%s %s" % (stack, stack.pop())
b = "%s: %s" % (self.items, self.items[0])
c = "%s %s" % (table, table["missing"])
d = "%s %s" % (a, b + c)
e = "%s %s" % (name, len(make()))
f = "%(a)s %(b)s" % {"a": stack, "b": stack.pop()}
