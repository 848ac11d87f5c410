for i in range(3):
    callbacks.append(lambda i=i: i)

    def show(prefix=i, *, i=i):
        return prefix, i
