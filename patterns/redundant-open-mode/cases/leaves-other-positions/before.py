open(path, "r", -1)
open(path, "wt", 1, "utf-8")
open("r")
