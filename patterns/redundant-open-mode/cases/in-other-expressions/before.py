for line in open(path, "r").readlines():
    print(json.load(open(open(other, "r").read().strip(), "r")))
