def first():
    class Case(Base):
        def run(self):
            super().run()


def second(Case):
    Case = Case or None
    [self for self in Case]


class Case(Base):
    def run(self):
        super().run()

        def inner(self):
            self = None
            return self
