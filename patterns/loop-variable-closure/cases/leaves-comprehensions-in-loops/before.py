for i in range(3):
    a = [i + j for j in range(3)]
    b = {x: i for x in a}
