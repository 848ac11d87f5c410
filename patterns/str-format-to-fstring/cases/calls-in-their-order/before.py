a = "{}, {}".format(self.make(), name)
b = "{}: {}".format(len(names), self.make(names))
c = "{}/{}".format(type(self).__name__, self.make())
d = "{}{}{}".format(prefix, name.upper(), names[0])
e = "{}-{}".format(row, column + 1)
f = "{} {!r}".format(', '.join(names), load())
g = ["{}: {}".format(i, load(name)) for i, name in enumerate(names)]
h = ["{}".format(i) for i in range(3)]
