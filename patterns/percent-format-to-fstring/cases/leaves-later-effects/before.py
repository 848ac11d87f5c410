a = "%s %s" % (stack, stack.pop())
b = "%s: %s" % (self.items, self.items[0])
c = "%s %s" % (table, table["missing"])
d = "%s %s" % (a, b + make())
i = "%s %s" % (stack, stack[0])
j = "%s %s" % (table, table["key"].lower())
e = "%s %s" % (name, len(make()))
f = "%(a)s %(b)s" % {"a": stack, "b": stack.pop()}
