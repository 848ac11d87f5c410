a = x is []
b = x is not {}
c = {1} is x
d = x is [y for y in z]
e = x is {k: v for k, v in z}
f = x is {y for y in z}
