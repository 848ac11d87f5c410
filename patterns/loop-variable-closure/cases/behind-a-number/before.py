a = [lambda: i + 1for i in range(3)]
