"""What a file's bytes must hold for a node of a kind to be in it, told from Python's grammar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pytest_orchestrator.pattern_engine.trigger import ALWAYS, Trigger

# What stands before a keyword is not looked at: in `0xfor 1` it is a number.
_KEYWORDS: Mapping[str, tuple[str, ...]] = {
    "and": ("And",),
    "as": ("AsName",),
    "assert": ("Assert",),
    "async": ("Asynchronous",),
    "await": ("Await",),
    "break": ("Break",),
    "class": ("ClassDef",),
    "continue": ("Continue",),
    "def": ("FunctionDef",),
    "del": ("Del",),
    "elif|if": ("If",),
    "except": ("ExceptHandler", "ExceptStarHandler"),
    "finally": ("Finally",),
    "for": ("For", "CompFor", "ListComp", "SetComp", "DictComp", "GeneratorExp"),
    "from": ("From", "ImportFrom"),
    "global": ("Global",),
    "if": ("IfExp", "CompIf"),
    "import": ("Import", "ImportAlias", "ImportStar"),
    "in": ("In",),
    "is": ("Is", "IsNot"),
    "lambda": ("Lambda",),
    "lambda|def": ("Param", "Parameters", "ParamSlash", "ParamStar"),
    "match": ("Match", "MatchCase"),
    "nonlocal": ("Nonlocal",),
    "not": ("Not", "NotIn"),
    "and|or": ("BooleanOperation",),
    "or": ("Or",),
    "pass": ("Pass",),
    "raise": ("Raise",),
    "return": ("Return",),
    "try": ("Try", "TryStar"),
    "while": ("While",),
    "with": ("With", "WithItem"),
    "yield": ("Yield",),
}
_SIGNS: Mapping[str, tuple[str, ...]] = {
    "#": ("Comment",),
    "@": ("Decorator",),
    r"\(": ("Call", "Arg"),
    r"\[": ("Subscript", "List", "Index", "Slice"),
    r"\{": ("Dict", "Set"),
    r"\.": ("Attribute", "Ellipsis"),
    ":": ("AnnAssign", "Annotation"),
    ":=": ("NamedExpr",),
    "=": ("Assign", "AssignTarget", "AugAssign"),
    r"[<>=]|(?:in|is)\b": ("Comparison", "ComparisonTarget"),
    r"[-+~]|not\b": ("UnaryOperation",),
    r"[-+*/%@&|^<>]": ("BinaryOperation",),
    "[\"']": ("SimpleString", "ConcatenatedString"),
    r"[fF][rR]?[\"']|[rR][fF][\"']": ("FormattedString", "FormattedStringExpression", "FormattedStringText"),
    "[0-9]": ("Integer",),
}
_TEXT: Mapping[str, str] = {
    **{kind: rf"(?:{words})\b" for words, kinds in _KEYWORDS.items() for kind in kinds},
    **{kind: signs for signs, kinds in _SIGNS.items() for kind in kinds},
}


def trigger_of(kinds: Iterable[str]) -> Trigger:
    """The trigger of a pattern that does nothing in a file without a node of one of these kinds, by LibCST's names."""
    names = frozenset(kinds)
    if not names or not names <= _TEXT.keys():
        return ALWAYS
    return Trigger(text=tuple(sorted({_TEXT[name] for name in names})))
