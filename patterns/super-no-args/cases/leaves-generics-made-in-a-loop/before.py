for base in bases:

    class Generic[T](base):
        def run(self):
            return super(Generic, self).run()


class Many(Parent):
    for name in names:

        def run[T](self):
            return super(Many, self).run()
