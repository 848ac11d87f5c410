"""Triggers: what a file must contain for a pattern to do anything in it, as the pattern's author declares it.

The engine relies on triggers: a file that a trigger doesn't match is never parsed. So a trigger may match files in
which the pattern has nothing to do, but must match each file that the pattern would change or report. `patterns
profile` counts the matches without effect, and `tests/pattern_engine/test_soundness.py` compares each shipped pattern
with a run without its trigger.
"""

from __future__ import annotations

import ast
import codecs
import re
import unicodedata
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Annotated, Literal

from pytest_orchestrator.codec.decode import Limit
from pytest_orchestrator.pattern_engine.backtracking import exponential_repeat, has_unreadable_flags, search_time

# PEP 263. A cookie is looked for in the first two lines only.
_COOKIE = re.compile(rb"\A(?:[^\r\n]*(?:\r\n|\r|\n))?[ \t\f]*#[^\r\n]*?coding[:=][ \t]*([-\w.]+)")
# In these every ASCII byte means its ASCII character and nothing else, in any position.
_TRANSPARENT = frozenset({"utf-8", "utf-8-sig", "ascii", "iso8859-1", "iso8859-15", "cp1252"})

# As Python's tokenizer splits words: characters beyond ASCII may belong to one.
_WORD_BEYOND_ASCII = re.compile(
    r"(?<![^\x00-\x7f]|[A-Za-z0-9_])[A-Za-z0-9_]*[^\x00-\x7f](?:[^\x00-\x7f]|[A-Za-z0-9_])*"
)

_ONE_WAY = "a repeat must match each text in one way only, as 'a+' does, and '(a+)+' and '(a|a)*' don't"

# A search in quadratic time takes up to two seconds on so many bytes.
_MAX_QUADRATIC_BYTES = 1 << 15

_DOTTED = r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*\Z"


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """When a pattern has to run, and on which part of a file. All declared conditions must match."""

    text: Annotated[tuple[Annotated[str, Limit(min_length=1)], ...], Limit(unique_items=True)] = ()
    """Regular expressions in ASCII, read as multi-line; one of them must match somewhere in the file's bytes."""
    nodes: Annotated[tuple[Annotated[str, Limit(min_length=1)], ...], Limit(unique_items=True)] = ()
    """Names of classes of Python's `ast` module; the file (or statement) must hold a node of one of them."""
    names: Annotated[tuple[Annotated[str, Limit(pattern=_DOTTED)], ...], Limit(unique_items=True)] = ()
    """Full names such as `datetime.datetime` or `builtins.open`: the file must import one of them, or something that it
    is in or that is in it, and statements must mention what is so imported, under whatever name. `text` is then looked
    for in the whole file.
    """
    within: Literal["file", "statement", "header", "top"] = "file"
    """What the pattern needs to see: the whole file, the statements that match, or only the headers of statements that
    have a body, such as classes, functions and loops. The meaning of names is available in any case. `top` is for
    codemods that need only the comments above the first statement.
    """

    def hits(self, data: bytes) -> Iterator[tuple[int, int]]:
        """The parts of `data` in which the pattern may have something to do, by start and end offset.

        A statement that begins in a part may end after it.
        """
        if not self.text or not is_transparent(data):
            yield 0, len(data)
            return
        is_quick = self.is_quick_on(data)
        for expression in self.text:
            yield from _spans(expression, data) if is_quick else _known_spans(expression, data)

    def is_quick_on(self, data: bytes) -> bool:
        """Whether a search in `data` ends soon, whatever its bytes are. Nothing can interrupt a search.

        A slow search belongs into a worker, under a time limit. It looks for all parts at once and keeps the last ones.
        """
        return len(data) <= _max_quick_bytes(self.text)

    def prepare(self) -> None:
        """Find out how long a search may take: once, before the first file."""
        _max_quick_bytes(self.text)

    def may_match(self, data: bytes) -> bool:
        """Whether the pattern may have something to do in a file with these bytes."""
        return next(self.hits(data), None) is not None and self.may_be_named(data)

    def may_be_named(self, data: bytes) -> bool:
        """Whether the file may mention one of `names`."""
        if not self.names or any(all(word in data for word in _words(name)) for name in self.names):
            return True
        words = (word.decode() for name in self.names for word in _words(name))
        return not is_transparent(data) or may_be_spelt_otherwise(data, words)

    def mentions(self, local: str, imported: str) -> Iterator[tuple[str, ...]]:
        """The dotted names, in parts, by which the file may refer to `names` if it imports `imported` as `local`."""
        for name in self.names:
            if imported == name or imported.startswith(f"{name}."):
                yield (local,)
            elif name.startswith(f"{imported}."):
                yield (local, *name.removeprefix(f"{imported}.").split("."))

    def builtins(self) -> Iterator[tuple[str, ...]]:
        """The builtins among `names`, as `mentions` yields them."""
        for name in self.names:
            if name.startswith("builtins."):
                yield tuple(name.removeprefix("builtins.").split("."))

    def may_match_kind(self, kind: type[ast.AST]) -> bool:
        """Whether a node of this kind is one that the pattern may have something to do with."""
        return not self.nodes or issubclass(kind, _node_classes(self.nodes))


ALWAYS = Trigger()
"""The trigger of a pattern that declares none."""


def is_transparent(data: bytes) -> bool:
    """Whether ASCII characters of the file's text are the same bytes in its encoding."""
    if (cookie := _COOKIE.match(data)) is None:
        return True
    try:
        return codecs.lookup(cookie[1].decode("ascii")).name in _TRANSPARENT
    except (LookupError, UnicodeDecodeError):
        return False


def trigger_problems(trigger: Trigger, kind: str) -> Iterator[tuple[str, str]]:
    """The key and the message of each problem of a declared trigger."""
    for expression in trigger.text:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")  # a later Python reads the expression otherwise
                matches_nothing = _compiled(expression).match(b"")
            if matches_nothing:
                yield "text", f"{expression!r} matches the empty text, so it excludes no file"
            if has_unreadable_flags(expression):
                yield (
                    "text",
                    f"{expression!r} has the flag x or L, so its time is unknown: write it without",
                )
            elif repeat := exponential_repeat(expression):
                yield "text", f"{repeat!r} may take exponential time: {_ONE_WAY}"
        except (re.error, UnicodeEncodeError, FutureWarning) as error:
            yield "text", f"{expression!r} is not a regular expression in ASCII: {error}"
    for name in trigger.nodes:
        if not (isinstance(found := getattr(ast, name, None), type) and issubclass(found, ast.AST)):
            known = (key for key, value in vars(ast).items() if isinstance(value, type) and issubclass(value, ast.AST))
            meant = next((f": write {key!r}" for key in known if key.lower() == name.lower()), "")
            yield "nodes", f"Python's ast module has no node class {name!r}{meant}"
    if trigger.within != "file" and kind == "template":
        yield "within", "a template does not run, so it has no trigger"
    if trigger.within == "top" and kind == "linter":
        yield "within", "only a codemod can have within: top"
    if trigger.within != "file" and not trigger.text and not trigger.names:
        yield "within", "within needs text or names, which select the statements: declare one of them too"


def may_be_spelt_otherwise(data: bytes, words: Iterable[str]) -> bool:
    """Whether the file may contain one of the words, which are names, in a spelling that Python normalizes (NFKC)."""
    if data.isascii():
        return False
    spellings = _other_spellings(data)
    return spellings is None or any(
        not word.isascii() or any(name.endswith(word) for name in spellings) for word in words
    )


@lru_cache(maxsize=4)
def _other_spellings(data: bytes) -> frozenset[str] | None:
    """The normal forms of the file's words that are not normalized (NFKC); None if they can't be found."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    if unicodedata.is_normalized("NFKC", text):
        return frozenset()
    words = frozenset(_WORD_BEYOND_ASCII.findall(text))
    return frozenset(name for word in words if (name := unicodedata.normalize("NFKC", word)) != word)


@cache
def _words(name: str) -> tuple[bytes, ...]:
    """The words that a file that mentions the name contains. Builtins need not be imported."""
    return tuple(word.encode("ascii") for word in name.removeprefix("builtins.").split("."))


@cache
def _compiled(expression: str) -> re.Pattern[bytes]:
    return re.compile(expression.encode("ascii"), re.MULTILINE)


def _spans(expression: str, data: bytes) -> Iterator[tuple[int, int]]:
    return (match.span() for match in _compiled(expression).finditer(data))


@lru_cache(maxsize=16)
def _known_spans(expression: str, data: bytes) -> tuple[tuple[int, int], ...]:
    return tuple(_spans(expression, data))


@cache
def _max_quick_bytes(text: tuple[str, ...]) -> float:
    """The size of the largest files in which a search for all of these expressions ends soon."""
    times = {search_time(expression) for expression in text}
    return 0 if "unbounded" in times else _MAX_QUADRATIC_BYTES if "quadratic" in times else float("inf")


@cache
def _node_classes(names: tuple[str, ...]) -> tuple[type[ast.AST], ...]:
    return tuple(getattr(ast, name) for name in names)
