text = "%(name)s is %(age)-5s" % {"name": name, 'age': age}
