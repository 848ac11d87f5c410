from io import open

open(path, "r")
