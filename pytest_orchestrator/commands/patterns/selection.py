"""Chooses patterns by words, and binds their parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.config import PatternSettings
from pytest_orchestrator.errors import UsageError
from pytest_orchestrator.pattern_engine.foreign.dotted_name import fix_of
from pytest_orchestrator.pattern_engine.library.library import Library
from pytest_orchestrator.pattern_engine.pattern import Pattern, PatternCall, bind

Runnable = Literal["codemod", "linter"]

_SETTINGS = PatternSettings()


class NothingSelectedError(UsageError):
    """No pattern of the wanted kind is left to run."""


def choose(
    library: Library, kind: Runnable, *, select: Sequence[str], ignore: Sequence[str], unsafe: bool
) -> tuple[Pattern, ...]:
    """The patterns of a kind that the words of `select` name, without those of `ignore`; all, when none is selected.

    A word is an id, the dotted name of a LibCST command, of a Fixit rule or of a module of such rules, `tag:NAME`,
    `safety:safe` or `safety:unsafe`. An unsafe codemod is passed over unless `unsafe` is set; naming it without that is
    an error.

    Raises:
        PatternError: there is no such pattern.
        UsageError: a word is of another kind, names no pattern, or names an unsafe codemod; `NothingSelectedError` if
            none is left.
    """
    runnable = [pattern for pattern in library.patterns if pattern.kind == kind]
    chosen: dict[str, Pattern] = {}
    passed_over = False
    if not all(word.strip() for word in (*select, *ignore)):
        raise UsageError("the value is empty", fix="name a pattern, or leave the option out")
    for word in select or ("",):
        for pattern in _selected_by(library, runnable, word, kind):
            if kind == "linter" or unsafe or pattern.safety == "safe":
                chosen[pattern.id] = pattern
            elif pattern.id == word or pattern.folder is None:
                raise UsageError(
                    f"{word} is unsafe: a person must review its changes", fix="to run it anyway, add --unsafe"
                )
            else:
                passed_over = bool(select)
    for word in ignore:
        for pattern in _selected_by(library, runnable, word, kind):
            chosen.pop(pattern.id, None)
    if not chosen and passed_over and not ignore:
        message = f"{' and '.join(select)}: every codemod selected is unsafe: a person must review its changes"
        raise UsageError(message, fix="to run it anyway, add --unsafe")
    if not chosen:
        raise NothingSelectedError(f"no {kind} is left to run", fix="see pytest-orchestrator patterns list")
    return tuple(chosen.values())


def bind_all(
    patterns: Iterable[Pattern], settings: Sequence[str], project: PatternSettings = _SETTINGS
) -> tuple[PatternCall, ...]:
    """The calls of the patterns with parameters given as `ID.NAME=VALUE`, by default as the project's settings say.

    Raises:
        UsageError: a setting is malformed, or of a pattern that is not run.
        PatternError: a parameter is unknown, missing or of the wrong type.
    """
    by_id = {pattern.id: pattern for pattern in patterns}
    given: dict[str, dict[str, Any]] = {
        id_: {**_shared(pattern, project), **project.parameters.get(id_, {})} for id_, pattern in by_id.items()
    }
    for setting in settings:
        key, equals, value = setting.partition("=")
        id_, dot, name = key.rpartition(".")
        if not (equals and dot):
            raise UsageError(f"{setting!r} is not of this form", fix="write --set ID.NAME=VALUE")
        if id_ not in by_id:
            raise UsageError(
                f"--set {setting}: {id_!r} is not one of the selected patterns: {did_you_mean(id_, by_id)}"
            )
        parameter = by_id[id_].parameters.get(name)
        given[id_][name] = value if parameter is None else parameter.from_text(value)
    return tuple(bind(pattern, given[pattern.id]) for pattern in by_id.values())


def _shared(pattern: Pattern, project: PatternSettings) -> Mapping[str, Any]:
    """The values of parameters that are one setting for all patterns that have them."""
    shared = {"runtime_annotations": project.runtime_annotations}
    return {name: value for name, value in shared.items() if name in pattern.parameters}


def _selected_by(library: Library, runnable: Sequence[Pattern], word: str, kind: Runnable) -> Sequence[Pattern]:
    prefix, colon, value = word.partition(":")
    if not word:
        return runnable
    if colon:
        named = {item.id: item.tags if prefix == "tag" else (item.safety,) for item in runnable}
        matching = [item for item in runnable if value in named[item.id]] if prefix in ("tag", "safety") else []
        if not matching:
            known = {word for words in named.values() for word in words}
            raise UsageError(
                f"there is no {kind} {word!r}" + (f": {did_you_mean(value, known)}" if prefix == "tag" else ""),
                fix="name an id, a dotted name, tag:NAME, safety:safe or safety:unsafe",
            )
        return matching
    found = library.find(word)
    if kind == "codemod":  # a Fixit rule with an autofix is a codemod too
        found = tuple(fix_of(item) if item.folder is None and item.kind == "linter" else item for item in found)
    for item in found:
        if item.kind != kind:
            raise UsageError(f"{word} is a {item.kind}", fix=_FIXES.get(item.kind, "") + word)
    return found


_FIXES: Mapping[str, str] = {
    "codemod": "run it with: pytest-orchestrator patterns apply --select ",
    "linter": "run it with: pytest-orchestrator patterns lint --select ",
    "template": "show it: pytest-orchestrator patterns show ",
}
