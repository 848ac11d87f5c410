for line in open(path).readlines():
    print(json.load(open(open(other).read().strip())))
