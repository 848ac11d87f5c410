callbacks = []
for i in range(3):
    callbacks.append(lambda: i)
