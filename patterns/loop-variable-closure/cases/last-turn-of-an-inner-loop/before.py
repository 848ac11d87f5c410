def collect(tables):
    shows = []
    for table in tables:
        for row in table:
            if row.wanted:
                shows.append(lambda: (table, row))
                break
    return shows


def filtered(rows):
    shows = []
    for row in rows:
        def show():
            return row

        shows.append(show)
        if row.wanted:
            continue
        return shows


def made(tables):
    for table in tables:
        def make():
            shows = []
            for row in table():
                shows.append(lambda: row)
            return shows

        return make


def squares():
    return [lambda: i * i for i in range(3)]
