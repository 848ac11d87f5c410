import os.path


def describe(name, table, path):
    a = f"{name!s} {table[0]!s}"
    b = f"{name!s} {table.size + 1!s}"
    c = f"{name!s} {os.path.basename(path)!s}"
    d = f"{name!s} {path.strip().lower()!s}"
    e = f"{name!s} {'-' * len(name)!s}"
    return f"{name!s} {table and name or path!s}"
