a = "%s %d" % (stack, len(make()))
b = "%(a)s %(b)s" % {"a": stack, "b": stack.pop()}
c = "%1000s %s" % (stack, stack.pop())
d = "%s" % stack
