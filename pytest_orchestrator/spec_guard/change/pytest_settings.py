"""The options that pytest's own settings give to every run, and which of them weaken the spec guard.

A setting of the spec guard, such as `spec_guard_base = X`, counts as the option `--spec-guard-base=X` in `addopts`.

Files, order and formats are pytest's: https://docs.pytest.org/en/stable/reference/customize.html
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pytest_orchestrator.errors import InputError
from pytest_orchestrator.files import decode_utf8

FILES = ("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg")
"""The files that can hold pytest's settings; the first one that does counts."""
_ALWAYS = FILES[:4]
"""Those that count even if they are empty."""
_WITH_VALUE = ("--spec-guard-base", "--spec-guard-scope", "--spec-guard-max-age", "--spec-guard-today")
_ACTIVE = ("--spec-guard", "--spec-guard-only")
_DRY_RUN = "--spec-guard-dry-run"
_PLUGIN = "orchestrator"
ENDING: Mapping[str, tuple[str, ...]] = {
    "collectonly": ("--collect-only", "--collectonly", "--co"),
    "setuponly": ("--setup-only", "--setuponly"),
    "setupplan": ("--setup-plan", "--setupplan"),
    "showfixtures": ("--fixtures", "--funcargs"),
    "show_fixtures_per_test": ("--fixtures-per-test",),
    "markers": ("--markers",),
    "cacheshow": ("--cache-show",),
    "help": ("--help", "-h"),
}
"""The options with which pytest runs no test, by the names of their values."""
_TRUE = ("true", "1", "yes", "on")

Read = Callable[[str], bytes | None]
"""Reads a file of the folder with pytest's settings; None when there is none."""


@dataclass(frozen=True, kw_only=True)
class PytestSettings:
    """The words of `addopts` and of the spec guard's settings, and the file that holds them.

    `problem` says why it can't be read.
    """

    path: str = FILES[4]
    words: tuple[str, ...] = ()
    problem: str = ""

    def options(self) -> Mapping[str, str]:
        """The spec guard's options among the words, with their values; empty for an option without one."""
        return guard_options(self.words)


def read_settings(read: Read) -> PytestSettings:
    """The settings that pytest would take from a folder."""
    for name in FILES:
        data = read(name)
        if data is None:
            continue
        try:
            found = _addopts(decode_utf8(data, display_path=name), name)
            if found is not None:
                return PytestSettings(path=name, words=tuple(found))
        except (InputError, ValueError, TypeError, AttributeError, RecursionError) as error:
            return PytestSettings(path=name, problem=str(error))
    return PytestSettings()


def guard_options(words: Sequence[str]) -> Mapping[str, str]:
    """The spec guard's options in the words of a command line, with their values."""
    found: dict[str, str] = {}
    for word, after in zip(words, (*words[1:], ""), strict=False):
        name, equals, value = word.partition("=")
        if name in (*_ACTIVE, _DRY_RUN):
            found[name] = ""
        elif name in _WITH_VALUE:
            found[name] = value if equals else after
    return found


def weakened(
    former: PytestSettings, present: PytestSettings, items: Callable[[], Sequence[str]]
) -> Iterator[tuple[str, str, str]]:
    """What the present settings weaken: an option, what was said about it at the base, and what is said now.

    `items` returns the beginnings of the spec guard's node ids: `--deselect` must name none of them.
    """
    if present.problem:
        yield "the options of pytest", "settings that can be read", f"settings that can't be read: {present.problem}"
        return
    before, after = former.options(), present.options()
    if set(before) & set(_ACTIVE) and not set(after) & set(_ACTIVE):
        yield "the options of pytest", "--spec-guard", "no --spec-guard"
    if _ACTIVE[1] in after and _ACTIVE[1] not in before:
        yield "the options of pytest", "all tests run", f"{_ACTIVE[1]}, so that no others run"
    for name in _WITH_VALUE:
        if before.get(name) != after.get(name):
            yield "the options of pytest", _spelled(name, before), _spelled(name, after)
    ending = {word for words in ENDING.values() for word in words}
    for word in sorted({word for word in present.words if word.partition("=")[0] in ending} - set(former.words)):
        yield "the options of pytest", f"no {word}", f"{word}, so that no test runs"
    if _DRY_RUN in after and _DRY_RUN not in before:
        yield "the options of pytest", f"no {_DRY_RUN}", _DRY_RUN
    blocked = set(_values(present.words, "-p")) - set(_values(former.words, "-p"))
    for name in sorted(blocked):
        if name.startswith("no:") and _PLUGIN in name:
            yield "the options of pytest", "the plugin", f"-p {name}"
    dropped = set(_values(present.words, "--deselect")) - set(_values(former.words, "--deselect"))
    for prefix in sorted(dropped):
        if any(item.startswith(prefix) or prefix.startswith(item) for item in items()):
            yield "the options of pytest", f"{prefix} is checked", f"--deselect {prefix}"


def _values(words: Sequence[str], option: str) -> Iterator[str]:
    """The values of an option, written as `--option=value`, `-ovalue` or as two words."""
    for word, after in zip(words, (*words[1:], ""), strict=False):
        if word == option:
            yield after
        elif word.startswith(option):
            yield word[len(option) :].removeprefix("=")


def _spelled(name: str, options: Mapping[str, str]) -> str:
    return f"{name}={options[name]}" if name in options else f"no {name}"


def _addopts(text: str, name: str) -> Sequence[str] | None:
    """The words of `addopts` and of our settings in a file; None when pytest would look at the next file."""
    settings = _toml(text, name) if name.endswith(".toml") else _ini(text, name)
    if settings is None:
        return () if name in _ALWAYS else None
    value = settings.get("addopts", "")
    words = map(str, value) if isinstance(value, list) else shlex.split(str(value))
    return (*words, *_ours(settings))


def _ours(settings: Mapping[str, object]) -> Iterator[str]:
    """The settings of the spec guard as options."""
    for option in (_ACTIVE[0], _DRY_RUN, *_WITH_VALUE):
        value = settings.get(option.removeprefix("--").replace("-", "_"))
        if option in _WITH_VALUE and value is not None:
            yield f"{option}={value}"
        elif str(value).strip().lower() in _TRUE:
            yield option


def _toml(text: str, name: str) -> Mapping[str, object] | None:
    import tomllib  # rarely needed: most changes leave pytest's settings alone

    data = tomllib.loads(text)
    if name in _ALWAYS:
        return data.get("pytest")
    table = data.get("tool", {}).get("pytest", {})
    return table.get("ini_options") or {key: table[key] for key in table if key != "ini_options"} or None


def _ini(text: str, name: str) -> Mapping[str, str] | None:
    from iniconfig import IniConfig, ParseError  # rarely needed, as above

    try:
        found = IniConfig(name, data=text)
    except ParseError as error:
        raise ValueError(str(error)) from error
    section = "tool:pytest" if name == "setup.cfg" else "pytest"
    return dict(found[section].items()) if section in found.sections else None
