"""`print` to standard output or standard error."""

from __future__ import annotations

import libcst as cst

from pytest_orchestrator.api.patterns import Linter, Scope, is_none, read_scopes

_STREAMS = frozenset({"sys.stdout", "sys.stderr"})


class PrintCall(Linter):
    """Report what prints where the user of a module can't stop it."""

    def visit_Module(self, node: cst.Module) -> None:
        """Look at the calls of what certainly is the builtin."""
        for call, scope in read_scopes(node, cst.Call).items():
            if _is_print(call.func, scope) and not _has_another_file(call, scope):
                self.report(call.func, "users of this code can't switch print off: use a logger, or remove it")


def _is_print(function: cst.BaseExpression, scope: Scope) -> bool:
    """Whether it is the builtin. That a star import brings another `print` is so rare that nobody is misled."""
    if isinstance(function, cst.Name) and function.value == "print" and scope.owner("print") is None:
        return True
    return scope.qualified_name(function) == "builtins.print"


def _has_another_file(call: cst.Call, scope: Scope) -> bool:
    """Whether it prints to a file that the program chose, or may do so."""
    files = [arg.value for arg in call.args if arg.keyword is not None and arg.keyword.value == "file"]
    if not files and any(arg.star == "**" for arg in call.args):
        return True
    return any(not is_none(file) and scope.qualified_name(file) not in _STREAMS for file in files)
