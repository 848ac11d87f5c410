from compat import super


class Child(Parent):
    def run(self):
        super(Child, self).run()
