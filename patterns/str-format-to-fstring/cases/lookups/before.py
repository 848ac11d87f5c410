a = "{0.name} {0[key]} {0[1]} {0.a[b c].d}".format(user)
b = '{0[key]}: {1.real}'.format(make(), 1)
c = "<{.name}>".format(left or right)
