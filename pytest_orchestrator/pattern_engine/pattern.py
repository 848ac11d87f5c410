"""Patterns as metadata, folder and parameters: none of their code is run."""

from __future__ import annotations

import hashlib
import keyword
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Annotated, Any, Literal

from pytest_orchestrator.codec.decode import Limit, decode
from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.codec.yaml import YamlDocument, load_yaml
from pytest_orchestrator.errors import InputError, PatternError
from pytest_orchestrator.files import read_limited, read_text
from pytest_orchestrator.pattern_engine.trigger import ALWAYS, Trigger, trigger_problems

Kind = Literal["codemod", "linter", "template"]
Safety = Literal["safe", "unsafe"]
Scalar = str | int | float | bool

METADATA_FILE = "pattern.yaml"
ID = r"^[a-z0-9]+(-[a-z0-9]+)*\Z"
_ENTRY = r"^([A-Za-z_][A-Za-z0-9_]*\.py|[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*):[A-Za-z_][A-Za-z0-9_]*\Z"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}
MAX_FILE_BYTES = 8 << 20
_MAX_FILES = 5_000

_NOQA_CODE = r"^[A-Z]+[0-9]+\Z"


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One parameter of a pattern. Without a `default` the caller must give it."""

    type: Literal["string", "integer", "number", "boolean"]
    description: Annotated[str, Limit(min_length=1)]
    default: Scalar | None = None
    enum: Annotated[tuple[Scalar, ...], Limit(min_items=1)] | None = None

    def accepts(self, value: Any) -> bool:
        """Whether `value` has the parameter's type (a boolean is not a number) and is one of its choices."""
        fits = type(value) in _TYPES[self.type]
        return fits and (self.enum is None or any(value == choice for choice in self.enum))

    def from_text(self, text: str) -> Scalar:
        """The value that a text spells; the text itself if it is none of the type, which `accepts` then refuses."""
        try:
            match self.type:
                case "integer":
                    return int(text)
                case "number":
                    return float(text)
                case "boolean" if text in ("true", "false"):
                    return text == "true"
        except ValueError:
            pass
        return text

    def expected(self) -> str:
        """The values that `accepts` takes, as a phrase for messages."""
        return f"one of {', '.join(map(str, self.enum))}" if self.enum else f"a value of type {self.type}"


_Ids = Annotated[tuple[Annotated[str, Limit(pattern=ID)], ...], Limit(unique_items=True)]


@dataclass(frozen=True, kw_only=True)
class _Described:
    """What `pattern.yaml` says of a pattern and everything else uses as it is."""

    id: Annotated[str, Limit(pattern=ID)]
    kind: Kind
    title: Annotated[str, Limit(pattern=r"^\S[^\n]*\Z")]
    description: Annotated[str, Limit(min_length=1)]
    safety: Safety
    minimum_python: Annotated[str, Limit(pattern=r"^3\.[0-9]{1,2}\Z")]
    """The oldest Python on which the changed code is valid."""
    tags: _Ids = ()
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    after: _Ids = ()
    """Codemods that run before this one, when they run on the same files."""
    conflicts_with: _Ids = ()
    """Codemods that this one can't be run together with."""
    noqa: Annotated[tuple[Annotated[str, Limit(pattern=_NOQA_CODE)], ...], Limit(unique_items=True)] = ()
    """Codes of flake8 and ruff that mean the same: a `# noqa` comment with one of them suppresses the pattern too."""


@dataclass(frozen=True, kw_only=True)
class PatternMetadata(_Described):
    """`pattern.yaml`: the metadata of a pattern, readable without its code."""

    schema: Literal["pytest-orchestrator/pattern/1"]
    entry: Annotated[str, Limit(pattern=_ENTRY)] | None = None
    """`FILE.py:Class` in the pattern's folder, or `package.module:Class`; templates have none."""
    trigger: Trigger | None = None
    """What a file must hold for the pattern to do anything in it; absent: it is run on every file."""


@dataclass(frozen=True, kw_only=True)
class Pattern(_Described):
    """A pattern as the library knows it. `folder` is None for a LibCST command or Fixit rule with a dotted name."""

    entry: str
    """Empty for templates."""
    folder: Path | None
    trigger: Trigger = ALWAYS
    digest: str
    """SHA-256 of everything in the folder but cached byte code; for a dotted name, of its modules and the versions of
    LibCST and Fixit."""


@dataclass(frozen=True, kw_only=True)
class PatternCall:
    """A pattern and the values of its parameters, defaults included; made by `bind`."""

    pattern: Pattern
    parameters: Mapping[str, Any]


def bind(pattern: Pattern, parameters: Mapping[str, Any]) -> PatternCall:
    """The call of `pattern` with `parameters`, defaults filled in.

    The parameters of a LibCST command are checked by the worker that loads its class.

    Raises:
        PatternError: a parameter is unknown, missing, of the wrong type, or none of its choices.
    """
    if pattern.folder is None:
        return PatternCall(pattern=pattern, parameters=dict(parameters))
    for name in parameters:
        if name not in pattern.parameters:
            raise PatternError(
                f"pattern {pattern.id!r} has no parameter {name!r}: {did_you_mean(name, pattern.parameters)}",
                fix="remove the parameter or correct its name",
            )
    values = {}
    for name, parameter in pattern.parameters.items():
        value = parameters.get(name, parameter.default)
        if value is None and name not in parameters:
            raise PatternError(f"pattern {pattern.id!r} needs the parameter {name!r}: {parameter.description}")
        if not parameter.accepts(value):
            raise PatternError(
                f"parameter {name!r} of pattern {pattern.id!r}: expected {parameter.expected()}, found {value!r}"
            )
        values[name] = value
    return PatternCall(pattern=pattern, parameters=values)


def read_pattern(folder: Path, *, display_path: str | None = None) -> Pattern:
    """The pattern in `folder`; none of its code is run. `display_path` is what messages call its `pattern.yaml`.

    Raises:
        InputError: `pattern.yaml` is malformed, contradicts itself, or names what is not in the folder, with the line;
            or the folder holds a link.
    """
    name = display_path or str(folder / METADATA_FILE)
    text = read_text(folder / METADATA_FILE, max_bytes=1 << 20, display_path=name)
    document = load_yaml(text, path=name)
    metadata = decode(PatternMetadata, document, path=name)
    _check(metadata, folder, document, name)
    for key, message in trigger_problems(metadata.trigger or ALWAYS, metadata.kind):
        raise InputError(message, path=name, line=document.line(("trigger", key)))
    for key, message in _order_problems(metadata):
        raise InputError(message, path=name, line=document.line((key,)), fix="remove it")
    known = {form.name: getattr(metadata, form.name) for form in fields(_Described)}
    return Pattern(
        **{**known, "description": metadata.description.strip()},
        entry=metadata.entry or "",
        trigger=metadata.trigger or ALWAYS,
        folder=folder,
        digest=folder_digest(folder),
    )


def pattern_files(folder: Path) -> Iterator[Path]:
    """The files of a pattern, sorted by path, without hidden files and cached byte code.

    Raises:
        InputError: there are thousands of files, a folder can't be read, or there is a link, whose target may change
            unnoticed.
    """
    found: list[str] = []
    folders = [str(folder)]
    while folders:
        for entry in _entries(folders.pop()):
            is_folder = entry.is_dir()
            is_cached = entry.name == "__pycache__" or (entry.name.endswith(".pyc") and not is_folder)
            if entry.name.startswith(".") or is_cached:
                continue
            if entry.is_symlink():
                raise InputError(
                    "is a symbolic link, which a pattern may not contain",
                    path=entry.path,
                    fix="replace it by a copy of its target",
                )
            if is_folder:
                folders.append(entry.path)
            elif entry.is_file():
                found.append(entry.path)
        if len(found) > _MAX_FILES:
            raise InputError(
                f"contains more than {_MAX_FILES:,} files",
                path=str(folder),
                fix="move files that the pattern does not need",
            )
    yield from map(Path, sorted(found))


def _entries(folder: str) -> list[os.DirEntry[str]]:
    """What is in a folder. Each run reads all patterns' folders, and `Path.walk` takes three times as long."""
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError as error:
        raise InputError(f"can't be read: {error.strerror or error}", path=folder) from error


def folder_digest(folder: Path) -> str:
    """SHA-256 over the sorted relative paths and the bytes of the pattern's files."""
    digest = hashlib.sha256()
    start = len(folder.as_posix()) + 1
    for path in map(Path.as_posix, pattern_files(folder)):
        data = read_limited(path, max_bytes=MAX_FILE_BYTES)
        digest.update(f"{path[start:]}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()


def _check(metadata: PatternMetadata, folder: Path, document: YamlDocument, name: str) -> None:
    """Check what the schema can't: that the metadata fits the folder, and the keys each other."""

    def refuse(key: str, message: str, fix: str = "") -> InputError:
        return InputError(message, path=name, line=document.line(tuple(key.split("."))), fix=fix)

    if metadata.id != folder.name:
        raise refuse(
            "id", f"id {metadata.id!r} is not the name of the folder", f"rename one: the folder is {folder.name!r}"
        )
    if metadata.kind == "template":
        if metadata.entry is not None:
            raise refuse("entry", "a template has no code", "remove the key; template.md is rendered")
        if not (folder / "template.md").is_file():
            raise refuse("kind", "a template needs the file template.md in its folder")
    elif metadata.entry is None:
        raise refuse(
            "kind", f"a {metadata.kind} needs the key 'entry'", "write for example: entry: pattern.py:ClassName"
        )
    else:
        file = metadata.entry.partition(":")[0]
        if file.endswith(".py") and not (folder / file).is_file():
            raise refuse("entry", f"entry names {file}, which is not in the folder")
    for key, parameter in metadata.parameters.items():
        if not _NAME.match(key) or keyword.iskeyword(key):
            raise refuse(f"parameters.{key}", f"parameter {key!r} is not a valid name of a Python argument")
        for choice in parameter.enum or ():
            if type(choice) not in _TYPES[parameter.type]:
                raise refuse(f"parameters.{key}.enum", f"{choice!r} is not of type {parameter.type}")
        if parameter.default is not None and not parameter.accepts(parameter.default):
            raise refuse(
                f"parameters.{key}.default", f"the default {parameter.default!r} is not {parameter.expected()}"
            )


def _order_problems(metadata: PatternMetadata) -> Iterator[tuple[str, str]]:
    for key, names in (("after", metadata.after), ("conflicts_with", metadata.conflicts_with)):
        if names and metadata.kind != "codemod":
            yield key, f"a {metadata.kind} changes nothing, so it can't have this key"
        if metadata.id in names:
            yield key, f"names the pattern itself, {metadata.id!r}"
