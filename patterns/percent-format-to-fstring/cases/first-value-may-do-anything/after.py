one = f"{stack.pop()!s} {stack!s}"
two = f"{repr(stack)} {stack.pop()!s}"
three = f"{len(stack)}-{stack.pop()!s}"
four = f"{'a'} {1} {stack.pop()!s}"
five = f"{a + b if a else (a, b)!s} {not_a_call!s}"
six = [f"{number!s}: {stack.pop()!s}" for number in range(3)]
