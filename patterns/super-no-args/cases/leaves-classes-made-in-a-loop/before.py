made = []
for base in bases:

    class Child(base):
        def run(self):
            return super(Child, self).run()

    made.append(Child)

while made:

    class Holder:
        class Inner(Parent):
            def run(self):
                return super(Holder.Inner, self).run()

class Several(Parent):
    for name in names:

        def run(self):
            return super(Several, self).run()
