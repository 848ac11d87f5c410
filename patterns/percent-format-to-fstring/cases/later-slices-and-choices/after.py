import sys


def describe(name, text, flag, table):
    a = f"{name!s} {text[1:-1]!s}"
    b = f"{name!s} {text[:len(name)]!s}"
    c = f"{name!s} {'s' if flag else ''!s}"
    d = f"{name!s} {getattr(text, 'size', 0)!s}"
    e = f"{name!s} {text == name!s} {not flag!s}"
    f = f"{name!s} {[text, flag]!s}"
    g = f"{name!s} {round(table[0], 2)!s}"
    h = f"{name!s} {sys.getdefaultencoding()!s}"
    i = f"{table[0]!s} {table[1]!s} {table[-1]!s}"
    return f"{name!s} {text.encode().decode('ascii')!s}"
