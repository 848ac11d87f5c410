class Child(Parent):
    def spaced(self):  # super(Child, self) in a comment stays
        "super(Child, self) in a string stays"
        return super () .spaced()

    def long(self):
        return super().long()

    def wrapped(self):
        return (super()
                .wrapped(  # kept
                ))
