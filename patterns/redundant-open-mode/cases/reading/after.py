open(path)
open(path)
open(path)
with open("a.txt") as file, open(name()) as other: ...
