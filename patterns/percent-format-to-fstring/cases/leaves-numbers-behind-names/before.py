LIMIT = 10

for number, name in enumerate(names):
    print("%d" % number)
    print("%s" % number)
    print("%d of %d" % (number, LIMIT))
    print("%s: %s" % (name, names.pop()))
