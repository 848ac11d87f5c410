one = "%s %s" % (stack.pop(), stack)
two = "%s %s" % (repr(stack), stack.pop())
three = "%s-%s" % (len(stack), stack.pop())
four = "%s %s %s" % ("a", 1, stack.pop())
five = "%s %s" % (a + b if a else (a, b), not_a_call)
six = ["%s: %s" % (number, stack.pop()) for number in range(3)]
