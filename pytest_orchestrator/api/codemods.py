"""For authors of codemods: imports that are no longer used, string literals, f-strings, type expressions, nodes."""

from pytest_orchestrator.pattern_engine.worker.authoring.annotations import ModuleTypes, TypeExpression, typing_name
from pytest_orchestrator.pattern_engine.worker.authoring.effects import (
    LITERALS,
    NUMBER_LITERALS,
    SIDE_EFFECT_FREE_FUNCTIONS,
    TEXT_METHODS,
    called_builtin,
    contains_subscript_of,
    has_fixed_text,
    is_integer,
    is_repeatable,
    is_side_effect_free,
    is_text,
)
from pytest_orchestrator.pattern_engine.worker.authoring.imports import add_imported_name, remove_unused_imports
from pytest_orchestrator.pattern_engine.worker.authoring.literals import (
    StringLiteral,
    find_adjacent_to_word,
    fits_in_fstring,
    read_string_literals,
    replace_string_literals,
)
from pytest_orchestrator.pattern_engine.worker.authoring.nodes import find_nodes
from pytest_orchestrator.pattern_engine.worker.authoring.type_codemod import (
    TypeCodemod,
    parse_forward_reference,
    source_of,
)

__all__ = [
    "LITERALS",
    "NUMBER_LITERALS",
    "SIDE_EFFECT_FREE_FUNCTIONS",
    "TEXT_METHODS",
    "ModuleTypes",
    "StringLiteral",
    "TypeCodemod",
    "TypeExpression",
    "add_imported_name",
    "called_builtin",
    "contains_subscript_of",
    "find_adjacent_to_word",
    "find_nodes",
    "fits_in_fstring",
    "has_fixed_text",
    "is_integer",
    "is_repeatable",
    "is_side_effect_free",
    "is_text",
    "parse_forward_reference",
    "read_string_literals",
    "remove_unused_imports",
    "replace_string_literals",
    "source_of",
    "typing_name",
]
