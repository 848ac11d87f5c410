for key in keys:
    items.sort(key=lambda item: item[key])
    a = list(map(lambda item: item[key], items))
    b = list(filter(lambda item: key in item, items))
    c = functools.reduce(lambda x, y: x + y + key, items)


def find(names):
    for name in names:
        return lambda: name
for i in range(3):
    total += (lambda x: x + i)(1)
for key in keys:
    a = reduce(lambda x, y: x + y + key, items)
