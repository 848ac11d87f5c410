"""Commas and semicolons that a formatter may write or leave out: the grammar says that they mean nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pytest_orchestrator.spec_guard.coverage.lexical_rules import Language

_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_BRACKETS = _OPENING | _CLOSING
_WORD = re.compile(r"[^\W\d]\w*")
# Words after which a parenthesis does not hold arguments, in Rust and in Dart.
_KEYWORDS = (
    "return in match if while as for let mut ref move else break dyn impl where yield await const static unsafe async "
    "loop throw case is when final var late external required covariant get set operator switch macro with"
)
_NO_CALL = frozenset(_KEYWORDS.split(" "))
# Words of JavaScript and TypeScript that go on after a line break.
_OPEN_WORDS = (
    "else do get set static async readonly public private protected override abstract declare accessor let var const "
    "await yield of in type namespace module interface enum asserts infer keyof unique is as satisfies new typeof void "
    "delete case import export extends implements function class throw instanceof"
)
_GOES_ON = frozenset(_OPEN_WORDS.split(" "))


@dataclass(kw_only=True)
class _Group:
    """An open bracket: the commas in it, whether it holds arguments, and whether a macro reads it."""

    called: bool
    read: bool
    commas: int = 0


def without_optional_marks(words: Sequence[str], language: Language) -> Sequence[str]:
    """The tokens without a comma before a closing bracket, and in some languages without a semicolon before `}` or the
    end. In JavaScript, a line break that ends a statement for certain is a semicolon.

    A comma counts where it makes a tuple or a hole, and where a macro reads it.
    """
    if not (language.commas or language.semicolons):
        return words
    kept: list[str] = []
    solid: list[int] = []  # the indices in `kept` of what is not white space
    groups: list[_Group] = []
    arguments = False  # whether the last closing bracket ended arguments
    for word in words:
        ends_line = language.regexes and bool(kept) and kept[-1] == "\n"
        before = [kept[index] for index in solid[-2:]] if ends_line or word in _BRACKETS else ()
        if word in _OPENING:
            groups.append(_group(before, groups[-1] if groups else None, language))
        elif word == "," and groups:
            groups[-1].commas += 1
        elif word in _CLOSING:
            group = groups.pop() if groups else None
            if group is not None and before and _is_optional(word, before, group, language):
                del kept[solid.pop()]
            arguments = group is not None and group.called
        elif ends_line and before and _ends(before[-1], word, arguments=arguments):
            solid.append(len(kept) - 1)
            kept[-1] = ";"
        if not word.isspace():
            solid.append(len(kept))
        kept.append(word)
    if language.semicolons and solid and kept[solid[-1]] == ";":
        del kept[solid[-1]]
    return kept


def _group(before: Sequence[str], outer: _Group | None, language: Language) -> _Group:
    name = before[-1] if before else ""
    macro = name in ("!", "#") or (before[:1] == ["!"] and _WORD.fullmatch(name) is not None) or name == "macro"
    return _Group(
        called=_WORD.fullmatch(name) is not None and name not in _NO_CALL,
        read=language.macros and (macro or (outer is not None and outer.read)),
    )


def _ends(before: str, after: str, *, arguments: bool) -> bool:
    """Whether a line break between two tokens of JavaScript ends a statement, and nothing could go on."""
    if not re.match(r"[\w$]", after):
        return False
    if before == ")":
        return arguments
    return before == "]" or (re.match(r"[\w$\"'`]", before) is not None and before not in _GOES_ON)


def _is_optional(closing: str, before: Sequence[str], group: _Group, language: Language) -> bool:
    """Whether the last token before a closing bracket means nothing."""
    if before[-1] == ";":
        return language.semicolons and closing == "}"
    if before[-1] != "," or closing not in language.commas or group.read:
        return False
    if before[0] in (",", *_OPENING):
        return False  # a hole
    return closing != ")" or not language.tuples or group.called or group.commas > 1
