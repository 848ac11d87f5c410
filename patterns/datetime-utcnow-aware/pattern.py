"""`datetime.utcnow()` -> `datetime.now(timezone.utc)`.

`utcnow` gives the time of day in UTC and doesn't say so: whoever asks the result for its timestamp gets that of another
time. The new call gives the same time of day, and its time zone.
"""

from __future__ import annotations

import libcst as cst
from libcst import matchers as m
from libcst.codemod import CodemodContext, VisitorBasedCodemodCommand

from pytest_orchestrator.api.codemods import add_imported_name
from pytest_orchestrator.api.patterns import STAR, Scope, read_scopes

_AWARE = {"utcnow": "now", "utcfromtimestamp": "fromtimestamp"}
_SHIFT = m.Call(func=m.Attribute(attr=m.Name("astimezone")))
# These take a naive datetime and refuse an aware one: pytz, Django, and tzinfo itself.
_GIVE_ZONE = m.Name("localize") | m.Name("make_aware") | m.Name("fromutc")
_NEEDS_NAIVE = m.Call(func=_GIVE_ZONE | m.Attribute(attr=_GIVE_ZONE))
_SELF_DOCUMENTING = m.FormattedStringExpression(equal=m.AssignEqual())  # f"{...=}" prints its own source
_NAMES = ("timezone", "datetime_timezone")
_COMMA = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))


class DatetimeUtcnowAware(VisitorBasedCodemodCommand):
    """Make datetimes in UTC that know it."""

    DESCRIPTION = "Make datetimes in UTC that know it."

    def __init__(self, context: CodemodContext) -> None:
        super().__init__(context)
        self._zones: dict[cst.Call, cst.Attribute] = {}
        self._imports: dict[cst.ImportAlias, set[str]] = {}

    def visit_Module(self, node: cst.Module) -> bool:
        """Find the calls first: `timezone` may be bound further down."""
        calls = read_scopes(node, cst.Call)
        kept: list[cst.CSTNode] = [*m.findall(node, _SELF_DOCUMENTING)]
        for call in calls:
            if m.matches(call, _SHIFT):
                kept.append(call.func)
            elif m.matches(call, _NEEDS_NAIVE):
                kept += call.args
        excluded = {found for part in kept for found in m.findall(part, m.Call())}
        for call, scope in calls.items():
            if not _is_naive(call, scope) or call in excluded or "#" in node.code_for_node(call):
                continue
            zone = self._zone(cst.ensure_type(call.func, cst.Attribute).value, scope)
            if zone is not None and not scope.module.bindings(STAR):
                self._zones[call] = cst.Attribute(value=zone, attr=cst.Name("utc"))
        return bool(self._zones)

    def _zone(self, class_: cst.BaseExpression, scope: Scope) -> cst.BaseExpression | None:
        """How to name `timezone` where the class `datetime` is named like this; None: the name is taken.

        Notes what is to be imported.
        """
        if isinstance(class_, cst.Attribute):  # of the module, which has both
            return cst.Attribute(value=class_.value.deep_clone(), attr=cst.Name("timezone"))
        for name in _NAMES:
            if scope.qualified_name(cst.Name(name)) == "datetime.timezone":
                return cst.Name(name)
            if scope.owner(name) is None:
                return cst.Name(name) if self._can_import(name, cst.ensure_type(class_, cst.Name), scope) else None
        return None

    def _can_import(self, name: str, class_: cst.Name, scope: Scope) -> bool:
        bindings = scope.resolve(class_.value)
        alias = bindings[0].node
        if len(bindings) != 1 or not isinstance(alias, cst.ImportAlias):
            return False
        self._imports.setdefault(alias, set()).add(name)
        return True

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        """Replace the naive call by the aware one."""
        zone = self._zones.get(original_node)
        if zone is None:
            return updated_node
        function = cst.ensure_type(updated_node.func, cst.Attribute)
        attr = function.attr.with_changes(value=_AWARE[function.attr.value])
        args = [*updated_node.args, cst.Arg(zone)]
        if len(args) > 1:  # the new last one ends as the last one did
            args[-1] = args[-1].with_changes(comma=args[-2].comma, whitespace_after_arg=args[-2].whitespace_after_arg)
            args[-2] = args[-2].with_changes(comma=_COMMA, whitespace_after_arg=cst.SimpleWhitespace(""))
        return updated_node.with_changes(func=function.with_changes(attr=attr), args=args)

    def leave_ImportFrom(self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom) -> cst.ImportFrom:
        """Import `timezone` beside `datetime`."""
        if isinstance(original_node.names, cst.ImportStar):
            return updated_node
        for before in original_node.names:
            for name in sorted(self._imports.get(before, ())):
                asname = None if name == "timezone" else name
                updated_node = add_imported_name(updated_node, "timezone", beside=before.evaluated_name, asname=asname)
        return updated_node


def _is_naive(call: cst.Call, scope: Scope) -> bool:
    """Whether it is a call of one of the two methods, as it should be."""
    if not isinstance(call.func, cst.Attribute) or call.func.attr.value not in _AWARE:
        return False
    if any(arg.star or arg.keyword or isinstance(arg.value, cst.GeneratorExp) for arg in call.args):
        return False
    wanted = {"datetime.datetime.utcnow": 0, "datetime.datetime.utcfromtimestamp": 1}
    return wanted.get(scope.qualified_name(call.func) or "") == len(call.args)
