class Child(Parent):
    def taken(self, Child):
        super(Child, self).run()

    def local(self):
        super(Child, self).run()
        Child = None


class __Private(Parent):
    def run(self):
        super(__Private, self).run()  # looks for _Private__Private


class Cell(Parent):
    def run(self):
        __class__ = Parent
        super(Cell, self).run()
