a = 1 if x is y else 2
b = [1, 2][x is y]
c = (x is y) == 1
match x:
    case 1 | "a":
        pass
