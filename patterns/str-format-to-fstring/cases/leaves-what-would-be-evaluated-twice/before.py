a = "{0} {0}".format(make())
b = "{0} {0}".format(self.next_id)
c = "{0.a} {0.b}".format(names[0])
