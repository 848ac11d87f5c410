"""Triggers of LibCST's own commands, told from their source, so that they too are run only where they may do something.

The tests hold each of them against runs without it.
"""

from __future__ import annotations

from collections.abc import Mapping

from pytest_orchestrator.pattern_engine.trigger import ALWAYS, Trigger

_COMMANDS = "libcst.codemod.commands."

_TRIGGERS: Mapping[str, Trigger] = {
    # A literal, then `%`: white space, comments and closing parentheses may stand between. No more than the operation
    # itself is looked at, and no more is changed.
    "convert_percent_format_to_fstring.ConvertPercentFormatStringCommand": Trigger(
        text=(r"[\"'](?:\s|\\\s|#[^\r\n]*[\r\n]|\))*%",), nodes=("Mod",), within="statement"
    ),
    "convert_format_to_fstring.ConvertFormatStringCommand": Trigger(text=(r"\bformat\b",)),
    "convert_namedtuple_to_dataclass.ConvertNamedTupleToDataclassCommand": Trigger(text=(r"\bNamedTuple\b",)),
    "convert_type_comments.ConvertTypeComments": Trigger(text=(r"#[^\r\n]*type:",)),
    "convert_union_to_or.ConvertUnionToOrCommand": Trigger(text=(r"\bUnion\b",)),
    "fix_variadic_callable.FixVariadicCallableCommmand": Trigger(text=(r"\bCallable\b",)),
    "remove_unused_imports.RemoveUnusedImportsCommand": Trigger(text=(r"\bimport\b",)),
    "unnecessary_format_string.UnnecessaryFormatString": Trigger(text=(r"[fF][rR]?[\"']",)),
}


def stock_trigger(dotted_name: str) -> Trigger:
    """The trigger of a command by its dotted name; one that always says yes, if it is not known here."""
    return _TRIGGERS.get(dotted_name.removeprefix(_COMMANDS), ALWAYS) if dotted_name.startswith(_COMMANDS) else ALWAYS


def stock_names() -> tuple[str, ...]:
    """The dotted names of the commands that have a trigger here."""
    return tuple(_COMMANDS + name for name in _TRIGGERS)
