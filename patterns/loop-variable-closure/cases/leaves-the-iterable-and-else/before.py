for item in make(lambda: item):
    pass
else:
    later(lambda: item)
