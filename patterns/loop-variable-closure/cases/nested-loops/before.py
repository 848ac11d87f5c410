for row in rows:
    for cell in row:
        later(lambda: (row, cell))
    cells = [lambda: (row, cell) for cell in row]
