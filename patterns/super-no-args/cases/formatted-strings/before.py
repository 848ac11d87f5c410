class Child(Parent):
    def __repr__(self):
        return f"{super(Child, self).__repr__()} {super(Child, self).name=}"
