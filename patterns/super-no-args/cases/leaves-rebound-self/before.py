class Child(Parent):
    def assigned(self):
        self = self.copy()
        super(Child, self).run()

    def looped(self):
        for self in range(3):
            super(Child, self).run()

    def caught(self):
        try:
            pass
        except ValueError as self:
            super(Child, self).run()

    def walrus(self):
        if any((self := item) for item in "ab"):
            super(Child, self).run()

    def matched(self):
        match self.value:
            case {"a": 1, **self}:
                super(Child, self).run()

    def inner(self):
        def rebind():
            nonlocal self
            self = None

        rebind()
        super(Child, self).run()

    def deleted(self):
        del self
        super(Child, self).run()
