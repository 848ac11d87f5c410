class Child(Parent):
    def run(self):
        super(Parent, self).run()
        super(module.Child, self).run()
        super(self.__class__, self).run()
        super(type(self), self).run()

    class Inner(Parent):
        def run(self):
            super(Child, self).run()
            super(Inner, self).run()


def run(self):
    super(Child, self).run()


Child.run = run


def outer():
    def inner(self):
        super(outer, self).run()
