a = x < y is 3
b = x is y is not "z"
