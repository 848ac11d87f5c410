a = 7 % (2,)[0]
b = number % len(names)
c = (number % 2, "%s")
number %= 2
