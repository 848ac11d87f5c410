"""Triggers of LibCST's own commands and of Fixit's own rules, written after reading their source.

With them, the engine runs these patterns only on files in which they may have something to do: 4 times faster for
LibCST's percent-format command, 1.5 times for Fixit's default rules. The tests compare each with runs without it.
"""

from __future__ import annotations

from collections.abc import Mapping

from pytest_orchestrator.pattern_engine.trigger import ALWAYS, Trigger

_COMMANDS = "libcst.codemod.commands."
_RULES = "fixit.rules."
_FIXIT = "2.2.1"  # the version whose rules were read; other versions get no triggers

# What may stand between two tokens of an expression: white space, comments, and parentheses that open or close.
_GAP, _OPEN, _CLOSE = (rf"(?:[\s\\{sign}]|#[^\r\n]*[\r\n])*" for sign in ("", "(", ")"))
_SINGLETON = r"(?:True|False|None)\b"
_EQUALITY = "(?:[=!]=|<>)"

_COMMAND_TRIGGERS: Mapping[str, Trigger] = {
    # A literal, then `%`. The command reads and changes only the operation itself.
    "convert_percent_format_to_fstring.ConvertPercentFormatStringCommand": Trigger(
        text=(rf"[\"']{_CLOSE}%",), nodes=("Mod",), within="statement"
    ),
    "convert_format_to_fstring.ConvertFormatStringCommand": Trigger(text=(r"\bformat\b",)),
    "convert_namedtuple_to_dataclass.ConvertNamedTupleToDataclassCommand": Trigger(text=(r"\bNamedTuple\b",)),
    "convert_type_comments.ConvertTypeComments": Trigger(text=("type:",)),
    "convert_union_to_or.ConvertUnionToOrCommand": Trigger(text=(r"\bUnion\b",)),
    "fix_variadic_callable.FixVariadicCallableCommmand": Trigger(text=(r"\bCallable\b",)),
    "remove_unused_imports.RemoveUnusedImportsCommand": Trigger(text=(r"\bimport\b",)),
    "unnecessary_format_string.UnnecessaryFormatString": Trigger(text=(r"[fF][rR]?[\"']",)),
}

# The rules that are slow; the others are run on every file.
_RULE_TRIGGERS: Mapping[str, Trigger] = {
    # Two calls are joined, so that one of them is on the right of an `or`.
    "chained_instance_check.CollapseIsinstanceChecks": Trigger(text=(rf"or{_OPEN}isinstance\b",)),
    "cls_in_classmethod.UseClsInClassmethod": Trigger(text=(rf"@{_OPEN}classmethod\b",)),
    "compare_singleton_primitives_by_is.CompareSingletonPrimitivesByIs": Trigger(
        text=(rf"\b{_SINGLETON}{_CLOSE}{_EQUALITY}", rf"{_EQUALITY}{_OPEN}{_SINGLETON}")
    ),
    "deprecated_abc_import.DeprecatedABCImport": Trigger(text=(r"\bcollections\b",)),
    "deprecated_unittest_asserts.DeprecatedUnittestAsserts": Trigger(
        text=(r"\bassert(?:(?:Not)?(?:Almost)?Equals|(?:Not)?RegexpMatches|RaisesRegexp)\b",)
    ),
    "no_assert_true_for_comparison.NoAssertTrueForComparisons": Trigger(text=(r"\bassertTrue\b",)),
    "no_namedtuple.NoNamedTuple": Trigger(text=(r"\bNamedTuple\b",)),
    "no_redundant_arguments_super.NoRedundantArgumentsSuper": Trigger(text=(r"\bsuper\b",)),
    "no_redundant_list_comprehension.NoRedundantListComprehension": Trigger(text=(rf"\b(?:all|any)\b{_CLOSE}\(",)),
    "no_string_type_annotation.NoStringTypeAnnotation": Trigger(text=(r"\bannotations\b",)),
    "replace_union_with_optional.ReplaceUnionWithOptional": Trigger(text=(r"\bUnion\b",)),
    "rewrite_to_comprehension.RewriteToComprehension": Trigger(text=(rf"\b(?:dict|list|set)\b{_CLOSE}\(",)),
    "rewrite_to_literal.RewriteToLiteral": Trigger(text=(rf"\b(?:dict|list|set|tuple)\b{_CLOSE}\(",)),
    "use_assert_in.UseAssertIn": Trigger(text=(r"\bassert(?:True|False)\b",)),
    "use_assert_is_not_none.UseAssertIsNotNone": Trigger(text=(r"\bassert(?:True|False)\b",)),
    "use_async_sleep_in_async_def.UseAsyncSleepInAsyncDef": Trigger(text=(r"\bsleep\b",)),
    "use_fstring.UseFstring": Trigger(text=(rf"[\"']{_CLOSE}%", rf"[\"']{_CLOSE}\.{_GAP}format\b")),
    "variadic_callable_syntax.VariadicCallableSyntax": Trigger(text=(r"\bCallable\b",)),
}


KNOWN_TRIGGERS: Mapping[str, Trigger] = {
    **{_COMMANDS + name: trigger for name, trigger in _COMMAND_TRIGGERS.items()},
    **{_RULES + name: trigger for name, trigger in _RULE_TRIGGERS.items()},
}
"""The triggers by the dotted names of their commands and rules."""


def known_trigger(dotted_name: str, *, fixit: str) -> Trigger:
    """The trigger of a command, or of a rule of this version of Fixit; `ALWAYS` for an unknown one."""
    is_unread = dotted_name.startswith(_RULES) and fixit != _FIXIT
    return ALWAYS if is_unread else KNOWN_TRIGGERS.get(dotted_name, ALWAYS)
