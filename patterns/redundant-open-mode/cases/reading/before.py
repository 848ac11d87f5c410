open(path, "r")
open(path, 'rt')
open(path, u"tr")
with open("a.txt", r"r") as file, open(name(), """r""") as other: ...
