one = f"{stack.pop()!s} {stack!s}"
two = f"{repr(stack)!s} {stack.pop()!s}"
three = f"{len(stack)}-{stack.pop()!s}"
four = "%s %s %s" % ("a", 1, stack.pop())
five = f"{a + b if a else (a, b)!s} {not_a_call!s}"
