total = 0
for i in range(3):
    later(lambda: total)
    later(lambda x: x.i(i=1))
for i in range(3):
    pass
later(lambda: i)
