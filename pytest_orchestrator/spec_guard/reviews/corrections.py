"""Whether a later edit of a spec speaks of what a change of code changed. Pure.

A change of code is known by its terms: the identifiers of its changed lines, the names of its files, and the numbers
that differ between the old and the new lines. A correction of a spec is known by the terms in the changed lines of its
body. There, only what looks like code counts as an identifier, so that plain words don't match by chance.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Collection, Iterable
from functools import lru_cache

_NAME = re.compile(r"[^\W\d]\w{2,}")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.]*\w)")
_FILE = re.compile(r"[\w./-]*\w\.[A-Za-z]\w{0,9}")
_SPAN = re.compile(r"`([^`]+)`")
_LOOKS_LIKE_CODE = re.compile(r"_|[a-z][A-Z]|[A-Za-z]\d")
_MAX_BYTES = 1 << 20
_COMMON, _COMMON_SHARE = 3, 0.05


def change_terms(path: str, before: bytes, after: bytes) -> frozenset[str]:
    """The terms of the change of one file; empty for binary and very large ones."""
    if b"\0" in before or b"\0" in after or max(len(before), len(after)) > _MAX_BYTES:
        return frozenset()
    old, new = _differing(_text(before), _text(after))
    names = {name for line in (*old, *new) for name in _NAME.findall(line)}
    return (
        frozenset({*names, *_changed_numbers(old, new), path, posixpath.basename(path)}) if old or new else frozenset()
    )


def correction_terms(before: str, after: str) -> frozenset[str]:
    """The terms of the change of a spec's body. Empty when lines only moved."""
    old, new = _differing(before, after)
    names = {name for line in (*old, *new) for name in _names_in_prose(line)}
    files = {name for line in (*old, *new) for name in _FILE.findall(line)}
    return frozenset({*names, *files, *_changed_numbers(old, new)})


@lru_cache(maxsize=4096)
def body_terms(body: str) -> frozenset[str]:
    """Every term in the body of a spec."""
    return frozenset({*_NAME.findall(body), *_NUMBER.findall(body), *_FILE.findall(body)})


def specific(terms: Collection[str], bodies: Collection[frozenset[str]]) -> frozenset[str]:
    """The terms that at most 3 specs, or 5 % of them, name: the others say nothing about one spec."""
    limit = max(_COMMON, _COMMON_SHARE * len(bodies))
    return frozenset(term for term in terms if sum(term in body for body in bodies) <= limit)


def _differing(before: str, after: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lines that only one of two texts has."""
    old, new = (Counter(line.strip() for line in text.split("\n") if line.strip()) for text in (before, after))
    return tuple(old - new), tuple(new - old)


def _changed_numbers(old: Iterable[str], new: Iterable[str]) -> frozenset[str]:
    former, present = (frozenset(_NUMBER.findall("\n".join(lines))) for lines in (old, new))
    return former ^ present


def _names_in_prose(line: str) -> Iterable[str]:
    for span in _SPAN.findall(line):
        yield from _NAME.findall(span)
    yield from (name for name in _NAME.findall(line) if _LOOKS_LIKE_CODE.search(name))


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
