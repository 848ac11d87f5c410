class Child(Parent):
    def run(self):
        def inner():
            return super(Child, self).run()

        def taking(self):
            return super(Child, self).run()

        one = lambda: super(Child, self).run()
        return [super(Child, self).run() for _ in "ab"], (x for x in "ab" if super(Child, self).run())

    def default(self, value=lambda self: super(Child, self).run()):
        return value
