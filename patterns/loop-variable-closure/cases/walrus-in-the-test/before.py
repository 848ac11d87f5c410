while (line := read()) is not None:
    later.append(lambda: line)

while ready(size := measure()):
    later.append(lambda limit: limit > size)
