"""For authors of codemods: imports that are no longer used, string literals, f-strings, type expressions."""

from pytest_orchestrator.pattern_engine.worker.authoring.annotations import TypeExpression, Types, typing_name
from pytest_orchestrator.pattern_engine.worker.authoring.effects import (
    CONSTANTS,
    FUNCTIONS_THAT_ONLY_LOOK,
    NUMBERS,
    TEXT_METHODS,
    called_builtin,
    is_integer,
    is_plainly_read,
    is_settled,
    is_steady,
    is_text,
    reads_item_of,
)
from pytest_orchestrator.pattern_engine.worker.authoring.imports import with_name, without_unused
from pytest_orchestrator.pattern_engine.worker.authoring.literals import (
    Piece,
    fits,
    glued_to_a_word,
    read_pieces,
    replace_pieces,
)
from pytest_orchestrator.pattern_engine.worker.authoring.type_codemod import TypeCodemod, code, parsed

__all__ = [
    "CONSTANTS",
    "FUNCTIONS_THAT_ONLY_LOOK",
    "NUMBERS",
    "TEXT_METHODS",
    "Piece",
    "TypeCodemod",
    "TypeExpression",
    "Types",
    "called_builtin",
    "code",
    "fits",
    "glued_to_a_word",
    "is_integer",
    "is_plainly_read",
    "is_settled",
    "is_steady",
    "is_text",
    "parsed",
    "read_pieces",
    "reads_item_of",
    "replace_pieces",
    "typing_name",
    "with_name",
    "without_unused",
]
