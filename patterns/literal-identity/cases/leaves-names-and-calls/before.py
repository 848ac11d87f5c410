a = x is y
b = x is make()
c = x is not self.y
d = x is MISSING
e = type(x) is str
f = x[0] is y[1]
