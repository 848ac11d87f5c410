class __Dunder__(Parent):
    def run(self):
        return super().run()


class _Hidden(Parent):
    def run(self):
        return super().run()
