"""YAML that may make any object: `yaml.load(text)`, `yaml.load(text, yaml.Loader)`."""

from __future__ import annotations

import libcst as cst

from pytest_orchestrator.api.patterns import Linter, is_none, read_scopes

_LOADS = {"yaml.load": "safe_load", "yaml.load_all": "safe_load_all"}
_UNSAFE = frozenset(
    f"yaml.{module}{name}"
    for module in ("", "loader.", "cyaml.")
    for name in ("Loader", "CLoader", "FullLoader", "CFullLoader", "UnsafeLoader", "CUnsafeLoader")
)


class UnsafeYamlLoad(Linter):
    """Report loads without a loader, or with one that certainly is not safe."""

    def visit_Module(self, node: cst.Module) -> None:
        """Look at the calls whose function certainly is PyYAML's."""
        for call, scope in read_scopes(node, cst.Call).items():
            instead = _LOADS.get(scope.qualified_name(call.func) or "")
            if instead is None or any(arg.star for arg in call.args):
                continue
            loader = _loader(call)
            if loader is None or is_none(loader):
                self.report(
                    loader or call.func,
                    f"without a loader this makes whatever objects the text asks for: use yaml.{instead}",
                )
            elif scope.qualified_names(loader) & _UNSAFE:
                self.report(loader, f"this loader makes whatever objects the text asks for: use yaml.{instead}")


def _loader(call: cst.Call) -> cst.BaseExpression | None:
    positional = [arg.value for arg in call.args if arg.keyword is None]
    named = [arg.value for arg in call.args if arg.keyword is not None and arg.keyword.value == "Loader"]
    return next(iter([*positional[1:], *named]), None)
