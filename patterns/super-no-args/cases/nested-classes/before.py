class Outer(Base):
    class Inner(Base):
        def run(self):
            return super(Outer.Inner, self).run()

    def run(self):
        class Local(Base):
            def run(self):
                return super(Local, self).run()

        return super(Outer, self).run() + Local().run()
