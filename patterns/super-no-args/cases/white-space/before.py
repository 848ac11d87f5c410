class Child(Parent):
    def spaced(self):  # super(Child, self) in a comment stays
        "super(Child, self) in a string stays"
        return super ( Child , self ) .spaced()

    def long(self):
        return super(
            Child,
            self,
        ).long()

    def wrapped(self):
        return (super((Child), (self))
                .wrapped(  # kept
                ))
