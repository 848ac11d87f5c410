class Child(Parent):
    def run(self):
        print(Child, self)
        module.super(Child, self).run()
        super()(Child, self)
        super(Child, *self).run()
        super(Child, obj=self).run()
