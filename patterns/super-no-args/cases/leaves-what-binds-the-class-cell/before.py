class Moved(Base):
    def run(self):
        nonlocal __class__
        __class__ = Other
        return super(Moved, self).run()


class MovedByAnotherMethod(Base):
    def run(self):
        return super(MovedByAnotherMethod, self).run()

    def move(self):
        def inner():
            nonlocal __class__
            [__class__ := Other for _ in "a"]

        inner()


class Local(Base):
    def run(self):
        __class__ = Other
        return super(Local, self).run()
