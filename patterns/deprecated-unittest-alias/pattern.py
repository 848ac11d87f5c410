"""`self.assertEquals` -> `self.assertEqual`, in the methods of a test case.

The old names are methods of `unittest.TestCase` that warn and call the new ones. So the names may change where `self`
is a test case, and nothing but `unittest` says what they mean.
"""

from __future__ import annotations

import libcst as cst
from libcst.codemod import CodemodContext, VisitorBasedCodemodCommand

from pytest_orchestrator.api.patterns import Scope, dotted_name, read_scopes

_NEW_NAMES = {
    "assert_": "assertTrue",
    "assertAlmostEquals": "assertAlmostEqual",
    "assertEquals": "assertEqual",
    "assertNotAlmostEquals": "assertNotAlmostEqual",
    "assertNotEquals": "assertNotEqual",
    "assertNotRegexpMatches": "assertNotRegex",
    "assertRaisesRegexp": "assertRaisesRegex",
    "assertRegexpMatches": "assertRegex",
    "failIf": "assertFalse",
    "failIfAlmostEqual": "assertNotAlmostEqual",
    "failIfEqual": "assertNotEqual",
    "failUnless": "assertTrue",
    "failUnlessAlmostEqual": "assertAlmostEqual",
    "failUnlessEqual": "assertEqual",
    "failUnlessRaises": "assertRaises",
}

# Test cases that have the assertions of `unittest` as they are.
_TEST_CASES = frozenset(
    [
        *("unittest.TestCase", "unittest.IsolatedAsyncioTestCase", "unittest.case.TestCase"),
        *("django.test.LiveServerTestCase", "django.test.SimpleTestCase", "django.test.TestCase"),
        *("django.test.TransactionTestCase", "django.test.testcases.TestCase"),
    ]
)
_UNBOUND = ("staticmethod", "classmethod")


class DeprecatedUnittestAlias(VisitorBasedCodemodCommand):
    """Call unittest's assertions by the names that Python 3.12 still has."""

    DESCRIPTION = "Call unittest's assertions by the names that Python 3.12 still has."

    def __init__(self, context: CodemodContext, test_cases: str) -> None:
        super().__init__(context)
        self._known = _TEST_CASES | {name.strip() for name in test_cases.split(",")}
        self._aliases: set[cst.Attribute] = set()

    def visit_Module(self, node: cst.Module) -> bool:
        """Find the names first: which classes define some of them is only known at the end."""
        cases = _TestCases(node, self._known)
        self._aliases = {
            attribute
            for attribute, scope in read_scopes(node, cst.Attribute).items()
            if attribute.attr.value in _NEW_NAMES and cases.defines_alias(attribute, scope)
        }
        return bool(self._aliases)

    def visit_FormattedStringExpression(self, node: cst.FormattedStringExpression) -> bool:
        """Stay out of f"{...=}", which shows its own source."""
        return node.equal is None

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.Attribute:
        """Replace the old name by the new one."""
        if original_node not in self._aliases:
            return updated_node
        name = updated_node.attr.with_changes(value=_NEW_NAMES[updated_node.attr.value])
        return updated_node.with_changes(attr=name)


class _TestCases:
    """The classes of a module that certainly are test cases whose assertions nobody but `unittest` defines."""

    def __init__(self, module: cst.Module, known: frozenset[str]) -> None:
        self._scopes = read_scopes(module, cst.ClassDef)
        self._known = known
        definitions = _Definitions()
        module.visit(definitions)
        self._defined = definitions.names

    def defines_alias(self, attribute: cst.Attribute, scope: Scope) -> bool:
        """Whether this is `self.<old name>` in a method of a test case, and both names are unittest's there."""
        old, instance = attribute.attr.value, attribute.value
        if {old, _NEW_NAMES[old]} & self._defined or not isinstance(instance, cst.Name) or instance.value != "self":
            return False
        method = scope.owner("self")
        if method is None or method.parent is None or not isinstance(method.node, cst.FunctionDef):
            return False
        definition = method.parent.node
        return (
            _first_parameter(method.node) == "self"
            and len(method.bindings("self")) == 1
            and not any(dotted_name(decorator.decorator) in _UNBOUND for decorator in method.node.decorators)
            and isinstance(definition, cst.ClassDef)
            and bool(self._known & (self._roots(definition, ()) or frozenset()))
        )

    def _roots(self, definition: cst.ClassDef, below: tuple[cst.ClassDef, ...]) -> frozenset[str] | None:
        """The test cases and `object` that the class is made of; None when one of its ancestors can't be seen."""
        if definition in below or definition.keywords or any(base.star for base in definition.bases):
            return None
        scope = self._scopes[definition]
        found: set[str] = set()
        for base in definition.bases:
            name, here = scope.qualified_name(base.value), self._defined_here(base.value, scope)
            if name in self._known or name == "builtins.object":
                found.add(name)
                continue
            roots = None if here is None else self._roots(here, (*below, definition))
            if roots is None:
                return None
            found |= roots
        return frozenset(found)

    @staticmethod
    def _defined_here(base: cst.BaseExpression, scope: Scope) -> cst.ClassDef | None:
        bindings = scope.resolve(base.value) if isinstance(base, cst.Name) else ()
        nodes = [binding.node for binding in bindings]
        return nodes[0] if len(nodes) == 1 and isinstance(nodes[0], cst.ClassDef) else None


class _Definitions(cst.CSTVisitor):
    """The old and new names that the module itself gives a meaning: as a method, variable or attribute."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self.names.add(node.name.value)

    def visit_AssignTarget(self, node: cst.AssignTarget) -> None:
        self._bind(node.target)

    def visit_AnnAssign(self, node: cst.AnnAssign) -> None:
        self._bind(node.target)

    def visit_Del(self, node: cst.Del) -> None:
        self._bind(node.target)

    def visit_AugAssign(self, node: cst.AugAssign) -> None:
        self._bind(node.target)

    def visit_ImportAlias(self, node: cst.ImportAlias) -> None:
        self.names.add((node.evaluated_alias or node.evaluated_name).rpartition(".")[2])

    def visit_SimpleString(self, node: cst.SimpleString) -> None:
        self.names.add(node.raw_value)  # setattr(case, "assertEqual", ...)

    def _bind(self, target: cst.BaseExpression) -> None:
        match target:
            case cst.Name():
                self.names.add(target.value)
            case cst.Attribute():
                self.names.add(target.attr.value)
            case cst.Tuple() | cst.List():
                for element in target.elements:
                    self._bind(element.value)


def _first_parameter(function: cst.FunctionDef) -> str | None:
    parameters = (*function.params.posonly_params, *function.params.params)
    return parameters[0].name.value if parameters else None
