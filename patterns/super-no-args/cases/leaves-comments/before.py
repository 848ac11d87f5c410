class Child(Parent):
    def run(self):
        super(
            Child,  # not Parent: see below
            self,
        ).run()
