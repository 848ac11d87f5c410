class Child(Parent):
    def __repr__(self):
        return f"{super().__repr__()} {super(Child, self).name=}"
