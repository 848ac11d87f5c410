seen = False
for name in names:
    seen = False

    def note():
        global seen
        seen = True

    visit(name, note)


def count(names):
    for name in names:
        found = 0

        def note():
            nonlocal found
            found += 1

        yield visit(name, note), found
