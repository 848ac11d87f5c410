@decorated
class Outer(object):
    @decorated
    class Inner(object):
        def method(self):
            class Local(object):
                pass

            return Local
