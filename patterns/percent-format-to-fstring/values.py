"""What is known of the type of a value that stands alone on the right of a `%`."""

from __future__ import annotations

import libcst as cst
from libcst import matchers as m

from pytest_orchestrator.pattern_engine.authoring.interpolation import called_builtin, is_settled
from pytest_orchestrator.pattern_engine.scope import Scope

_GIVES_NO_TUPLE = frozenset({"bool", "dict", "float", "frozenset", "list", "set", "sorted"})
_DISPLAYS = (cst.List, cst.Set, cst.Dict, cst.ListComp, cst.SetComp, cst.DictComp)


def is_one_value(value: cst.BaseExpression, scope: Scope) -> bool:
    """Whether `value`, alone on the right of a `%`, is certainly no tuple, whose items would be taken one by one."""
    if is_settled(value, scope) or isinstance(value, _DISPLAYS):
        return True
    builtin = called_builtin(value, scope)
    return builtin in _GIVES_NO_TUPLE or (
        builtin == "type" and m.matches(value, m.Call(args=[m.Arg(keyword=None, star="")]))
    )
