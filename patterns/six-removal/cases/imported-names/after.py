from six import PY2

for key, value in a.items():
    b = str(range(range(key), *zip(value)))
if PY2:
    c = isinstance(b, str)
