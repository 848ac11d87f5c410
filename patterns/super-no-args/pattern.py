"""`super(Class, self)` -> `super()`.

Without arguments, `super()` means the class whose body holds the method, and the method's first parameter. So the call
may change only when its two arguments certainly name these two.
"""

from __future__ import annotations

import libcst as cst
from libcst.codemod import CodemodContext, VisitorBasedCodemodCommand

from pytest_orchestrator.api.patterns import Scope, dotted_name, read_scopes

# Any other decorator may put a new class under the name, while super() stays with the one that was written.
_DECORATORS_THAT_KEEP_THE_CLASS = frozenset(
    {
        "dataclasses.dataclass",
        "django.test.override_settings",
        "django.test.tag",
        "enum.unique",
        "functools.total_ordering",
        "mock.patch",
        "mock.patch.object",
        "six.python_2_unicode_compatible",
        "typing.final",
        "typing.runtime_checkable",
        "typing_extensions.final",
        "typing_extensions.runtime_checkable",
        "unittest.mock.patch",
        "unittest.mock.patch.object",
        "unittest.skip",
        "unittest.skipIf",
        "unittest.skipUnless",
        "zope.interface.implementer",
    }
)


class SuperNoArgs(VisitorBasedCodemodCommand):
    """Drop the arguments of `super` where they say what Python knows anyway."""

    DESCRIPTION = "Call super() without arguments where both forms mean the same."

    def __init__(self, context: CodemodContext) -> None:
        super().__init__(context)
        self._redundant: set[cst.Call] = set()

    def visit_Module(self, node: cst.Module) -> bool:
        """Find the calls first: a name may be bound again further down."""
        calls = read_scopes(node, cst.Call)
        self._redundant = {
            call for call, scope in calls.items() if _is_redundant(call, scope) and "#" not in node.code_for_node(call)
        }
        return bool(self._redundant)  # no mutate: it saves a walk

    def visit_FormattedStringExpression(self, node: cst.FormattedStringExpression) -> bool:
        """Stay out of f"{...=}", which shows its own source."""
        return node.equal is None

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        """Drop the arguments and the white space among them."""
        if original_node not in self._redundant:
            return updated_node
        return updated_node.with_changes(args=(), whitespace_before_args=cst.SimpleWhitespace(""))


def _is_redundant(call: cst.Call, scope: Scope) -> bool:
    if not isinstance(call.func, cst.Name) or call.func.value != "super" or len(call.args) != 2:
        return False
    if any(arg.keyword or arg.star for arg in call.args) or not isinstance(scope.node, cst.FunctionDef):
        return False
    class_name, instance = (dotted_name(arg.value) or "" for arg in call.args)
    return (
        scope.is_builtin("super")
        and scope.owner("__class__") is None
        and not _around(scope)[0].bindings("__class__")  # `nonlocal __class__` in any method binds it for all of them
        and _names_enclosing_class(class_name, scope)
        and instance == _first_parameter(scope.node)
        and len(scope.bindings(instance)) == 1
    )


def _names_enclosing_class(dotted: str, method: Scope) -> bool:
    """Whether `dotted`, read in the method, can mean nothing but the class whose body holds the method."""
    scope = method
    for name in reversed(dotted.split(".")):
        scope, in_loop = _around(scope)
        definition = scope.node
        if not isinstance(definition, cst.ClassDef) or _is_private(name):
            return False
        outer, class_in_loop = _around(scope)
        once = [binding.node for binding in outer.bindings(name)] == [definition]
        if in_loop or class_in_loop or not once or not _keeps_the_class(definition, outer):
            return False
    outer, _ = _around(scope)
    return method.owner(dotted.partition(".")[0]) is outer


def _around(scope: Scope) -> tuple[Scope, bool]:
    """The scope that holds the definition of `scope`, and whether it does so in a loop."""
    in_loop = scope.in_loop
    scope = scope.parent or scope  # no mutate: a definition has a scope around it
    if isinstance(scope.node, cst.TypeParameters):
        in_loop = in_loop or scope.in_loop  # no mutate: inside of type parameters nothing loops
        scope = scope.parent or scope  # no mutate: so have type parameters
    return scope, in_loop


def _is_private(name: str) -> bool:
    """Whether a class of this name, read in its own body, is looked for under another name (it is mangled)."""
    return name.startswith("__") and not name.endswith("__")


def _keeps_the_class(definition: cst.ClassDef, scope: Scope) -> bool:
    for decorator in definition.decorators:
        call = decorator.decorator
        arguments = call.args if isinstance(call, cst.Call) else ()
        name = scope.qualified_name(call.func if isinstance(call, cst.Call) else call) or ""
        makes_new_class = any(arg.star or (arg.keyword and arg.keyword.value == "slots") for arg in arguments)
        keeps = name in _DECORATORS_THAT_KEEP_THE_CLASS or name.startswith("pytest.mark.")
        if not keeps or makes_new_class:
            return False
    return True


def _first_parameter(function: cst.FunctionDef) -> str | None:
    parameters = (*function.params.posonly_params, *function.params.params)
    return parameters[0].name.value if parameters else None
