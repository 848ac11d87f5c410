def run(value):
    def show():
        for i in range(3):
            print(i, value)
    return show


for i in range(3):
    pass
