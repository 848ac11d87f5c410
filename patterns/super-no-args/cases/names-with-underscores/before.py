class __Dunder__(Parent):
    def run(self):
        return super(__Dunder__, self).run()


class _Hidden(Parent):
    def run(self):
        return super(_Hidden, self).run()
