a = [lambda: i for i in range(3)]
b = {k: (lambda: v) for k, v in items}
c = list(lambda x: x + i for i in range(3))
d = {lambda: i + j for i in a for j in b}
