class Child(Parent):
    def run(self, other, *args):
        super(Child).run()
        super(Child, other).run()
        super(Child, type(self)).run()
        super(Child, *args).run()
        super(*args).run()
        super(Child, self, None).run()
        super().run()

    def rest(*self):
        super(Child, self).rest()

    def named(*, self):
        super(Child, self).named()
