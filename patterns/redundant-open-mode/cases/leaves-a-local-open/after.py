class Store:
    def open(self, path, mode): ...

    first = open(path, "r")

    def read(self):
        return open(path)


def read(open):
    return open(path, "r")
