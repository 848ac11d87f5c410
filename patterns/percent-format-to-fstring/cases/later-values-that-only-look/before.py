import os.path


def describe(name, table, path):
    a = "%s %s" % (name, table[0])
    b = "%s %s" % (name, table.size + 1)
    c = "%s %s" % (name, os.path.basename(path))
    d = "%s %s" % (name, path.strip().lower())
    e = "%s %s" % (name, "-" * len(name))
    return "%s %s" % (name, table and name or path)
