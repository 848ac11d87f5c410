@decorated
class Outer:
    @decorated
    class Inner:
        def method(self):
            class Local:
                pass

            return Local
