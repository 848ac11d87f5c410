"""Writes `patterns/union-syntax/classes.txt`: the names of the standard library that may stand beside `|`.

A name is listed if it is public, and the operator gives with it what `Optional` gives, on each Python that has it.
`NAME[]` takes type arguments too, and `NAME!` is a class whose metaclass defines what its items are, as that of enums.

    python tests/patterns/operand_classes.py > 3.11.txt                     # once with each Python
    python tests/patterns/operand_classes.py 3.11.txt 3.12.txt ... > patterns/union-syntax/classes.txt

It imports only the standard library, so that it runs on any Python.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import pkgutil
import sys
import types
import typing
import warnings
from collections.abc import Iterable, Iterator, Mapping

# Modules that act when they are imported, or that no program imports.
_LEFT_OUT = frozenset({"antigravity", "ensurepip", "idlelib", "lib2to3", "test", "this", "turtledemo", "venv"})

# From the one that promises most to the one that promises least.
_MARKS = ("[]", "", "!", "-")

Table = Mapping[str, Mapping[str, str]]
"""By module and name: the mark of a name that may stand beside `|`, `-` of one that may not."""


def collect() -> Table:
    """What the running Python says of the public names of its standard library."""
    found: dict[str, Mapping[str, str]] = {}
    for name in sorted(_modules()):
        with contextlib.suppress(BaseException), contextlib.redirect_stdout(io.StringIO()):
            module = importlib.import_module(name)
            names = {*getattr(module, "__all__", ()), *(each for each in vars(module) if not each.startswith("_"))}
            values = {each: getattr(module, each) for each in sorted(names) if hasattr(module, each)}
            found[name] = {each: _mark(value) for each, value in values.items() if _is_of(module, each, value)}
    return found


def merge(tables: Iterable[Table]) -> Table:
    """The names of all tables, with the mark that promises least."""
    merged: dict[str, dict[str, str]] = {}
    for table in tables:
        for module, names in table.items():
            known = merged.setdefault(module, {})
            for name, mark in names.items():
                known[name] = max(mark, known.get(name, mark), key=_MARKS.index)
    return merged


def as_text(table: Table) -> Iterator[str]:
    """A line for each module: its name, a colon, and its names with their marks."""
    for module, names in sorted(table.items()):
        yield f"{module}: {' '.join(name + mark for name, mark in sorted(names.items()))}".strip() + "\n"


def from_text(lines: Iterable[str]) -> Table:
    """The table of which `as_text` made the lines."""
    table: dict[str, dict[str, str]] = {}
    for line in lines:
        module, _, words = line.partition(":")
        names = [word.rstrip("".join(_MARKS)) for word in words.split()]
        table[module] = {name: word[len(name) :] for name, word in zip(names, words.split(), strict=True)}
    return table


def _modules() -> Iterator[str]:
    for name in {*sys.stdlib_module_names} - _LEFT_OUT:
        if name.startswith("_"):
            continue
        yield name
        with contextlib.suppress(BaseException):
            module = importlib.import_module(name)
            for found in pkgutil.walk_packages(getattr(module, "__path__", ()), f"{name}."):
                if not any(part.startswith("_") or part in ("test", "tests") for part in found.name.split(".")):
                    yield found.name


def _is_of(module: types.ModuleType, name: str, value: object) -> bool:
    """Whether the name is the module's own, and not one that it imports for itself."""
    home = getattr(value, "__module__", None)
    listed = getattr(module, "__all__", None)
    if isinstance(value, types.ModuleType) or name in (listed or ()):
        return name in (listed or ())
    return home == module.__name__ or (listed is None and home not in sys.modules)


def _mark(value: object) -> str:
    """`-` if the value may not stand beside `|`."""
    try:
        optional: object = typing.Optional[value]  # noqa: UP045 - compared with it
        if value is None or value | None != optional or None | value != optional:  # type: ignore[operator]
            return "-"
    except Exception:
        return "-"
    kind = type(value)
    if isinstance(value, type):
        if any("__getitem__" in vars(base) for base in kind.__mro__):
            return "!"
        return "[]" if value is type or hasattr(value, "__class_getitem__") else ""
    return "[]" if hasattr(kind, "__getitem__") else ""


def main(paths: list[str]) -> None:
    """Print the table of the running Python, or one that is made of the tables at `paths`."""
    warnings.simplefilter("ignore")
    if not paths:
        sys.stdout.writelines(as_text(collect()))
        return
    tables = []
    for path in paths:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123 - as above
            tables.append(from_text(file.read().splitlines()))
    for module, names in sorted(merge(tables).items()):
        if listed := {name: mark for name, mark in names.items() if mark != "-"}:
            sys.stdout.writelines(as_text({module: listed}))


if __name__ == "__main__":
    main(sys.argv[1:])
