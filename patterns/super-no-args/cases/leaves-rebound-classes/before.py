class Replaced(Parent):
    def run(self):
        return super(Replaced, self).run()


Replaced = wrap(Replaced)

try:
    class Twice(Parent):
        def run(self):
            return super(Twice, self).run()
except ImportError:
    Twice = None


class Deleted(Parent):
    def run(self):
        return super(Deleted, self).run()


del Deleted


class Global(Parent):
    def run(self):
        return super(Global, self).run()


class Imported(Parent):
    def run(self):
        return super(Imported, self).run()


class Walrus(Parent):
    def run(self):
        return super(Walrus, self).run()


class Captured(Parent):
    def run(self):
        return super(Captured, self).run()


def rebind(value):
    global Global
    Global = value
    import Imported


from elsewhere import something as Imported

print([Walrus := item for item in "ab"])
match value:
    case [Captured, *_]:
        pass
