class Outer(Base):
    class Inner(Base):
        def run(self):
            return super().run()

    def run(self):
        class Local(Base):
            def run(self):
                return super().run()

        return super().run() + Local().run()
