"""Calls that make a datetime or date without a time zone: `datetime.now()`, `date.today()`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

import libcst as cst

from pytest_orchestrator.api.codemods import find_nodes
from pytest_orchestrator.api.patterns import Linter, Scope, is_none, read_scopes

_ZONE = re.compile(r"(?<!%)(?:%%)*%z")  # `%%z` is a percent sign and a z
_Advice = Callable[[cst.Call], str | None]
"""Gives the message for a call; None when nothing is wrong with it."""


class NaiveDatetime(Linter):
    """Report what makes a naive datetime, or a date out of the machine's local time."""

    def visit_Module(self, node: cst.Module) -> None:
        """Look at the calls whose function certainly is the standard library's."""
        calls = read_scopes(node, cst.Call)
        values = {target: assign.value for assign in read_scopes(node, cst.Assign) for target in assign.targets}
        methods = {call.func.value: call for call in calls if isinstance(call.func, cst.Attribute)}
        for call, scope in calls.items():
            advice = _ADVICE.get(scope.qualified_name(call.func) or "")
            message = advice(call) if advice else None
            if message is None or _is_mended(advice, call, methods):
                continue
            forms = _format(call, scope, values) if advice is _strptime else ()
            if any(_ZONE.search(node.code_for_node(form)) for form in forms):
                continue
            self.report(call, message)


def _constructor(call: cst.Call) -> str | None:
    return None if _has_zone(call, 7, "tzinfo") else "datetime() without tzinfo is naive: pass tzinfo="


def _now(call: cst.Call) -> str | None:
    return (
        None
        if _has_zone(call, 0, "tz")
        else "now() without a zone is naive: pass one, as in datetime.now(timezone.utc)"
    )


def _today(_: cst.Call) -> str | None:
    return "datetime.today() is naive: use datetime.now(tz) with a zone"


def _utcnow(_: cst.Call) -> str | None:
    return "utcnow() is naive though it means UTC: use datetime.now(timezone.utc)"


def _utcfromtimestamp(_: cst.Call) -> str | None:
    return "utcfromtimestamp() is naive though it means UTC: use datetime.fromtimestamp(seconds, timezone.utc)"


def _fromtimestamp(call: cst.Call) -> str | None:
    return None if _has_zone(call, 1, "tz") else "fromtimestamp() without a zone is naive: pass tz="


def _strptime(call: cst.Call) -> str | None:
    if len(call.args) != 2 or any(arg.star or arg.keyword for arg in call.args):
        return None
    return "strptime() without %z in its format is naive: read the zone with %z, or add .replace(tzinfo=...)"


def _date_today(_: cst.Call) -> str | None:
    return "date.today() depends on the machine's time zone: use datetime.now(tz).date() with a zone"


def _date_fromtimestamp(_: cst.Call) -> str | None:
    return "date.fromtimestamp() depends on the machine's time zone: use datetime.fromtimestamp(seconds, tz).date()"


_ADVICE: Mapping[str, _Advice] = {
    "datetime.datetime": _constructor,
    "datetime.datetime.now": _now,
    "datetime.datetime.today": _today,
    "datetime.datetime.utcnow": _utcnow,
    "datetime.datetime.utcfromtimestamp": _utcfromtimestamp,
    "datetime.datetime.fromtimestamp": _fromtimestamp,
    "datetime.datetime.strptime": _strptime,
    "datetime.date.today": _date_today,
    "datetime.date.fromtimestamp": _date_fromtimestamp,
}

# What they make is of no place yet; all others tell local time, and no other zone's.
_OF_ANY_ZONE = frozenset({_constructor, _strptime})

# Deprecated since Python 3.12, and `.astimezone()` takes their result for local time.
_WRONG_ANYWAY = frozenset({_utcnow, _utcfromtimestamp})


def _has_zone(call: cst.Call, position: int, keyword: str) -> bool:
    """Whether a zone is passed, or may be: in `*args` or `**options`."""
    positional = [arg for arg in call.args if arg.keyword is None]
    if any(arg.star for arg in positional) and not (len(positional) == 1 and _is_cut(positional[0], position)):
        return True
    named = [arg for arg in call.args if arg.keyword is not None and arg.keyword.value == keyword]
    zones = [*positional[position : position + 1], *named]  # no mutate: it is last
    return any(not is_none(arg.value) for arg in zones)


def _is_cut(arg: cst.Arg, length: int) -> bool:
    """Whether `*parts[:6]` is not more than `length` arguments."""
    match arg.value:
        case cst.Subscript(slice=[cst.SubscriptElement(slice=cst.Slice(upper=cst.Integer() as upper))]):
            return upper.evaluated_value <= length
        case _:
            return False  # no mutate: None says no too


def _format(
    call: cst.Call, scope: Scope, values: Mapping[cst.AssignTarget, cst.BaseExpression]
) -> Iterator[cst.CSTNode]:
    """The format that `strptime` is given, and what gives the names in it their values, as far as the file shows it."""
    form = call.args[1].value
    yield form
    for name in find_nodes(form, cst.Name):
        for binding in scope.resolve(name.value):
            node = binding.node
            yield values[node] if isinstance(node, cst.AssignTarget) else node


def _is_mended(advice: _Advice | None, call: cst.Call, methods: Mapping[cst.BaseExpression, cst.Call]) -> bool:
    """Whether the methods that are called on the result at once leave no naive datetime behind."""
    if advice in _WRONG_ANYWAY:
        return False
    while (then := methods.get(call)) is not None:
        match cst.ensure_type(then.func, cst.Attribute).attr.value:
            case "astimezone":
                return True
            case "date" | "time":
                return advice is _strptime  # only a day or a time of day was read
            case "replace" if not _has_zone(then, 7, "tzinfo"):
                call = then
            case method:
                return method == "replace" and advice in _OF_ANY_ZONE
    return False  # no mutate: None says no too
