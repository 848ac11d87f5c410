"""Commands that a shell reads: `subprocess.run(command, shell=True)`."""

from __future__ import annotations

import libcst as cst

from pytest_orchestrator.api.patterns import Linter, read_scopes

_STARTS = frozenset(f"subprocess.{name}" for name in ("Popen", "call", "check_call", "check_output", "run"))

_MESSAGE = (
    "a shell reads this command, and runs what anybody manages to put into it: "
    "pass a list of arguments without `shell`, or quote each part with shlex.quote"
)


class SubprocessShell(Linter):
    """Report calls that certainly start a shell."""

    def visit_Module(self, node: cst.Module) -> None:
        """Look at the calls whose function certainly is the standard library's."""
        for call, scope in read_scopes(node, cst.Call).items():
            if any(_asks_for_a_shell(arg) for arg in call.args) and scope.qualified_name(call.func) in _STARTS:
                self.report(call.func, _MESSAGE)


def _asks_for_a_shell(arg: cst.Arg) -> bool:
    return arg.keyword is not None and arg.keyword.value == "shell" and _is_true(arg.value)


def _is_true(value: cst.BaseExpression) -> bool:
    match value:
        case cst.Name():
            return value.value == "True"
        case cst.Integer() | cst.Float() | cst.SimpleString() | cst.ConcatenatedString():
            return bool(value.evaluated_value)
        case cst.List() | cst.Tuple() | cst.Set():
            return any(isinstance(item, cst.Element) for item in value.elements)
        case cst.Dict():
            return any(isinstance(item, cst.DictElement) for item in value.elements)
        case _:
            return False  # no mutate: None says no too
