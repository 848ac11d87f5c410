from __future__ import annotations

x: u"int" = 1


def f(a: u"int", b: list[u"int"]) -> u"int": ...
