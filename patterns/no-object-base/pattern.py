"""`class A(object):` -> `class A:`.

Every class of Python 3 ends in `object`, so naming it as the last base has no effect. As any other but the last base it
is an error that Python reports, and the file is left for a person to read.
"""

from __future__ import annotations

import libcst as cst
from libcst.codemod import CodemodContext, VisitorBasedCodemodCommand

from pytest_orchestrator.api.patterns import Scope, read_scopes

# A metaclass is given the bases as they are written. These don't care; of others we can't know.
_METACLASSES_THAT_IGNORE_OBJECT = frozenset({"builtins.type", "abc.ABCMeta"})


class NoObjectBase(VisitorBasedCodemodCommand):
    """Drop the base class `object` where it changes nothing."""

    DESCRIPTION = "Drop the base class object where it changes nothing."

    def __init__(self, context: CodemodContext) -> None:
        super().__init__(context)
        self._needless: set[cst.ClassDef] = set()

    def visit_Module(self, node: cst.Module) -> bool:
        """Find the classes first: `object` may be bound further down."""
        classes = read_scopes(node, cst.ClassDef)
        self._needless = {
            definition
            for definition, scope in classes.items()
            if _object_is_needless(definition, scope) and not _has_comment(definition, node)
        }
        return bool(self._needless)  # no mutate: it saves a walk

    def leave_ClassDef(self, original_node: cst.ClassDef, updated_node: cst.ClassDef) -> cst.ClassDef:
        """Drop the last base, and the parentheses when nothing is left in them."""
        if original_node not in self._needless:
            return updated_node
        *bases, needless = updated_node.bases
        if bases:  # the one before ends as the last one did: with or without a comma, on this line or the next
            bases[-1] = bases[-1].with_changes(comma=needless.comma)
        elif not updated_node.keywords:
            return updated_node.with_changes(
                bases=(),
                lpar=cst.MaybeSentinel.DEFAULT,
                rpar=cst.MaybeSentinel.DEFAULT,
                whitespace_after_name=cst.SimpleWhitespace(""),
            )
        return updated_node.with_changes(bases=bases)


def _object_is_needless(definition: cst.ClassDef, scope: Scope) -> bool:
    if not definition.bases or definition.type_parameters is not None:  # class A[T](object) can't be made at all
        return False
    *others, last = definition.bases
    return (
        _is_object(last)
        and not any(_is_object(base) for base in others)  # twice can't be made either
        and scope.is_builtin("object")
        and all(_ignores_object(keyword, scope) for keyword in definition.keywords)
    )


def _is_object(base: cst.Arg) -> bool:
    return isinstance(base.value, cst.Name) and base.value.value == "object" and not base.star


def _ignores_object(keyword: cst.Arg, scope: Scope) -> bool:
    if keyword.keyword is None:  # class A(object, **options): a metaclass may be among them
        return False
    if keyword.keyword.value != "metaclass":
        return True
    return scope.qualified_name(keyword.value) in _METACLASSES_THAT_IGNORE_OBJECT


def _has_comment(definition: cst.ClassDef, module: cst.Module) -> bool:
    """Whether there is a comment between the parentheses: a comment about `object` would then stand on another base."""
    parts = (definition.lpar, *definition.bases, *definition.keywords, definition.rpar)
    return any("#" in module.code_for_node(part) for part in parts if isinstance(part, cst.CSTNode))
