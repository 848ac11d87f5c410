import six

for key in a.keys():
    b = [value for value in (c or key).values()]
d = list(e.f().items()), sorted({1: 2}.values())
g = iter(e.items())
h = next(iter(e.keys())), (a - b).keys(), six.PY3
