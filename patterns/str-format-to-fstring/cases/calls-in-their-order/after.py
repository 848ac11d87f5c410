a = f"{self.make()}, {name}"
b = f"{len(names)}: {self.make(names)}"
c = f"{type(self).__name__}/{self.make()}"
d = f"{prefix}{name.upper()}{names[0]}"
e = f"{row}-{column + 1}"
f = f"{', '.join(names)} {load()!r}"
g = [f"{i}: {load(name)}" for i, name in enumerate(names)]
h = [f"{i}" for i in range(3)]
