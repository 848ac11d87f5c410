a = "%s" % (f'{name!s}',)
b = "%s" % (call(f'{len(names)}'),)
