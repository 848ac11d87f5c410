"""Reports that are longer than an answer may be, page by page.

A page is a report of its own that holds some of the items of the whole report's lists. What belongs to one file may be
on several pages: diagnostics, overlaps and the hunks of a diff are told apart.
"""

from __future__ import annotations

import itertools
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pytest_orchestrator.errors import InputError
from pytest_orchestrator.mcp_servers.strict_tool import compact_json

DEFAULT_LIMIT_KB = 20
NEXT_CURSOR = "next_cursor"

_KB = 1000
_ENVELOPE_BYTES = 500  # what the protocol adds to a result
_KEPT_REPORTS = 16
_LISTS = ("diagnostics", "overlaps")
_DIFF = "diff"
_HUNK = "\n@@ "


@dataclass(frozen=True, kw_only=True)
class _Part:
    """An item of a list of a report, with at most one of the things that it can be divided into."""

    key: str
    """The list's name in the report."""
    number: int
    """The item's place in the list."""
    item: Any
    size: int
    """In bytes of an answer."""
    joined_size: int
    """The same, if the page has another part of the item already."""


@dataclass(frozen=True, kw_only=True)
class _Report:
    head: Mapping[str, Any]
    """The report without the items of its lists."""
    parts: Sequence[_Part]


class Pages:
    """Cuts reports into pages. The last few reports are kept for the pages to come.

    If it is not `is_limited`, each report is one page.
    """

    def __init__(self, *, is_limited: bool = True) -> None:
        self._is_limited = is_limited
        self._reports: OrderedDict[str, _Report] = OrderedDict()
        self._numbers = itertools.count(1)

    def first(self, report: Mapping[str, Any], *, limit_kb: int = DEFAULT_LIMIT_KB) -> dict[str, Any]:
        """The first page of a JSON-shaped report; `next_cursor` in it means that there are more.

        A page's answer has at most `limit_kb` kilobytes. A longer text is cut.
        """
        if not self._is_limited:
            return dict(report)
        head = {key: [] if isinstance(value, list) else value for key, value in report.items()}
        whole = _Report(head=head, parts=tuple(_parts(report)))
        name = str(next(self._numbers))
        self._reports[name] = whole
        if len(self._reports) > _KEPT_REPORTS:
            self._reports.popitem(last=False)
        return _page(whole, 0, name, limit_kb)

    def next(self, cursor: str, *, limit_kb: int = DEFAULT_LIMIT_KB) -> dict[str, Any]:
        """The page that begins at a cursor.

        Raises:
            InputError: the cursor is unknown.
        """
        name, _, start = cursor.partition(".")
        report = self._reports.get(name)
        if report is None or start not in {str(index) for index in range(len(report.parts))}:
            raise InputError(
                f"there is no cursor {cursor[:20]!r}; those of the last {_KEPT_REPORTS} results are known",
                fix="take next_cursor of a result, or call its tool again",
            )
        return _page(report, int(start), name, limit_kb)


def _page(report: _Report, start: int, name: str, limit_kb: int) -> dict[str, Any]:
    page = {key: [] if isinstance(value, list) else value for key, value in report.head.items()}
    limit = limit_kb * _KB - _ENVELOPE_BYTES - _size({**page, NEXT_CURSOR: f"{name}.{len(report.parts)}"})
    left, latest = limit, None
    for index in range(start, len(report.parts)):
        part = report.parts[index]
        joins = (part.key, part.number) == latest
        left -= part.joined_size if joins else part.size
        if left < 0 and index > start:
            page[NEXT_CURSOR] = f"{name}.{index}"
            break
        items = page[part.key]
        if joins:
            _join(items[-1], part.item)
        elif part.size > limit:
            need_kb = (part.size - limit) // _KB + limit_kb + 1
            advice = f"for all of it call report.more with the cursor {name}.{index} and limit_kb {need_kb}"
            items.append(_begun(_cut_to(part.item, limit, advice)))
        else:
            items.append(_begun(part.item))
        latest = part.key, part.number
    return {key: [_ended(item) for item in value] if isinstance(value, list) else value for key, value in page.items()}


def _parts(report: Mapping[str, Any]) -> Iterator[_Part]:
    for key, value in report.items():
        for number, item in enumerate(value if isinstance(value, list) else ()):
            rest = _size(_without_parts(item))
            for part in _divided(item):
                size = _size(part)
                yield _Part(key=key, number=number, item=part, size=size, joined_size=size - rest)


def _divided(item: Any) -> Iterator[Any]:
    rest = _without_parts(item)
    if rest == item:
        yield item
        return
    for name in _LISTS:
        yield from ({**rest, name: [one]} for one in item.get(name, ()))
    first, *others = item.get(_DIFF, "").split(_HUNK)
    for other in others:
        yield {**rest, _DIFF: f"{first}{_HUNK}{other}".removesuffix("\n") + "\n"}


def _without_parts(item: Any) -> Any:
    if not isinstance(item, dict):
        return item
    lists: dict[str, Any] = {name: [] for name in _LISTS if name in item}
    return {**item, **lists, **({_DIFF: ""} if _HUNK in item.get(_DIFF, "") else {})}


def _begun(item: Any) -> Any:
    """The first part of an item on a page, as lists to which `_join` adds the next ones."""
    if not isinstance(item, dict):
        return item
    lists: dict[str, Any] = {name: list(item[name]) for name in _LISTS if name in item}
    return {**item, **lists, **({_DIFF: [item[_DIFF]]} if _DIFF in item else {})}


def _join(item: dict[str, Any], part: dict[str, Any]) -> None:
    for name in _LISTS:
        if name in item:
            item[name] += part[name]
    if diff := part.get(_DIFF):
        item[_DIFF].append(diff[diff.index(_HUNK) + 1 :] if any(item[_DIFF]) else diff)


def _ended(item: Any) -> Any:
    return {**item, _DIFF: "".join(item[_DIFF])} if isinstance(item, dict) and _DIFF in item else item


def _cut_to(item: Any, size: int, advice: str) -> Any:
    """The item with its longest texts cut, so that it has at most `size` bytes, if that suffices."""
    longest = size
    while _size(cut := _cut(item, longest, advice)) > size and longest > 1:
        longest //= 2
    return cut


def _cut(value: Any, longest: int, advice: str) -> Any:
    match value:
        case str() if len(value) > longest:
            return f"{value[:longest]}\n[{len(value) - longest} characters are left out; {advice}]"
        case list():
            return [_cut(item, longest, advice) for item in value]
        case dict():
            return {key: _cut(item, longest, advice) for key, item in value.items()}
        case _:
            return value


def _size(value: Any) -> int:
    """The bytes that a value takes in an answer, which contains it twice: as JSON, and as a text of JSON."""
    text = compact_json(value)
    return len(text.encode()) + len(compact_json(text).encode())
