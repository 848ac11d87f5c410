print("a", file=log)
print("b", file=open("log", "w"))
print("c", file=self.out)
print("d", end="", file=sys.stdout)
