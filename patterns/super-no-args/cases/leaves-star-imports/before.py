from compat import *


class Child(Parent):
    def run(self):
        super(Child, self).run()  # compat may have a super of its own
