a = 1 < x is y
b = x is y == 3
