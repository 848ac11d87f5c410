"""A spec: a Markdown file with YAML front matter. Any file can be read as one; what is wrong with it are problems."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal

from pytest_orchestrator.codec.decode import Limit, decode, field_formats, parse_date
from pytest_orchestrator.codec.yaml import Key, YamlDocument, load_yaml
from pytest_orchestrator.config import SpecStatus
from pytest_orchestrator.diagnostics import Diagnostic, Range, Severity
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.files import decode_utf8
from pytest_orchestrator.spec_guard.coverage.anchors import anchor_problem, file_globs
from pytest_orchestrator.spec_guard.coverage.syntax import text_digest
from pytest_orchestrator.spec_guard.document.mapping import NATIVE, Reading, path_beside, read_mapped

MAX_BYTES = 10 << 20

Status = SpecStatus
_Text = Annotated[str, Limit(min_length=1)]

_OPENING = re.compile(r"---[ \t]*(?:\r?\n|\Z)")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE)
_LAST_REVIEW = "last_review"
UNDATED = "last_review is missing"
"""The message about a spec without a date."""
_STAMP = "pytest-orchestrator spec stamp --owner NAME"


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """A spec's front matter without the date of its review."""

    id: Annotated[str, Limit(pattern=r"^[A-Za-z0-9._-]+$")]
    """The spec's permanent name: a renamed file keeps it."""
    title: _Text
    status: Status
    owners: Annotated[tuple[_Text, ...], Limit(min_items=1)]
    covers: tuple[_Text, ...] = ()
    """The code that the spec governs: globs of files, or names inside of one; see `coverage.anchors`."""
    covers_mode: Literal["all", "any"] = "all"
    """Whether code that several specs cover needs an update of this one, or of any of them."""
    relates_to: tuple[_Text, ...] = ()
    approvals: tuple[str | Mapping[str, Any], ...] = ()
    evidence: Literal["required", "optional"] = "optional"
    """Whether a passing test must be marked with the spec's id (SG017)."""

    @property
    def covered_globs(self) -> tuple[str, ...]:
        """The globs of the files in `covers`."""
        return file_globs(self.covers)


@dataclass(frozen=True, kw_only=True)
class FrontMatter(Declaration):
    """A spec's front matter. Keys that start with `x-` are allowed, too."""

    last_review: date


@dataclass(frozen=True, kw_only=True)
class SpecDocument:
    """One spec. Parts that cannot be read are None, and `problems` say why."""

    path: str
    declaration: Declaration | None = None
    last_review: date | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    """The keys that start with `x-`, and the keys of other tools that the settings allow."""
    body: str = ""
    body_line: int = 1
    """The line of the file that `body` starts on."""
    date_in_body: bool = False
    """Whether only the body tells `last_review`. A recorded review counts instead."""
    told_lines: frozenset[int] = frozenset()
    """The lines of the body, 1-based within it, that tell keys of front matter, and are no part of the text."""
    lines: Mapping[Key, int] = field(default_factory=dict, repr=False)
    problems: tuple[Diagnostic, ...] = ()

    @property
    def id(self) -> str | None:
        """The id; None where the front matter cannot be read."""
        return None if self.declaration is None else self.declaration.id

    @property
    def covers(self) -> tuple[str, ...]:
        """The entries of `covers`; none where the front matter cannot be read."""
        return () if self.declaration is None else self.declaration.covers

    @property
    def shares_code(self) -> bool:
        """Whether another spec of the same code can answer for it."""
        return self.declaration is not None and self.declaration.covers_mode == "any"

    @property
    def in_force(self) -> bool:
        """Whether the spec can be read and is not retired."""
        return self.declaration is not None and self.declaration.status != "retired"

    @cached_property
    def text(self) -> str:
        """The body without the lines that tell keys of front matter, such as a status."""
        if not self.told_lines:
            return self.body
        lines = enumerate(self.body.split("\n"), start=1)
        return "\n".join(line for number, line in lines if number not in self.told_lines)

    @cached_property
    def body_digest(self) -> str:
        """The digest of the words of the text, as reviews and approvals record it."""
        return text_digest(self.text)

    def line(self, *key: str | int) -> int:
        """The line of a key of the front matter; of the front matter itself where the key is missing."""
        return self.lines.get(key) or (self.line(*key[:-1]) if key else 1)

    def diagnostic(
        self, rule: str, message: str, *, fix: str, key: tuple[str | int, ...] = (), severity: Severity = "error"
    ) -> Diagnostic:
        """A diagnostic at the line of a key of the front matter."""
        found = Range.of_line(self.line(*key))
        return Diagnostic(rule=rule, severity=severity, message=message, path=self.path, range=found, fix=fix)

    def says_the_same(self, other: SpecDocument) -> bool:
        """Whether both texts have the same words, whatever the white space."""
        return self.text == other.text or self.text.split() == other.text.split()


def unreadable(path: str, error: InputError) -> SpecDocument:
    """A spec that cannot be read because of `error`."""
    fix = error.fix or f"start the file with a line ---, then YAML keys, then a line ---; or convert it: {_STAMP}"
    return SpecDocument(path=path, problems=(_problem("SG001", path, error.message, error.line, fix),))


def parse(data: bytes, *, path: str, reading: Reading = NATIVE) -> SpecDocument:
    """The spec in `data`. Never raises: errors become `problems` of the rules SG001, SG002 and SG003."""
    try:
        text = _text(data, path)
        if not reading.native or text.startswith(("+++", "<!--")):
            return _mapped(text, path, reading)
        front, body = _split(text, path)
        document = load_yaml(front, path=path, first_line=2)
        keys = _mapping(document, path)
    except InputError as error:
        return unreadable(path, error)
    extra: dict[str, Any] = {}
    known: dict[str, Any] = {}
    for key, value in keys.items():
        (extra if key.startswith("x-") else known)[key] = value
    declared = _owned(YamlDocument(known, document.lines), path, reading)
    return _spec(declared, path=path, extra=extra, body=body, body_line=front.count("\n") + 2)


def our_keys() -> tuple[str, ...]:
    """The keys of our front matter."""
    return tuple(form.key for form in field_formats(FrontMatter))


def date_place(data: bytes, *, path: str, reading: Reading) -> tuple[str, str] | None:
    """The path of the file that holds a spec's `last_review`, and its name there.

    None for a spec in the format of another tool that has no such key.

    Raises:
        InputError: the front matter is invalid.
    """
    if reading.native and data.startswith(b"---"):
        return path, _LAST_REVIEW
    found = read_mapped(_text(data, path), path=path, reading=reading, our_keys=our_keys())
    if _LAST_REVIEW in found.own:
        return path, found.own[_LAST_REVIEW]
    name = path_beside(path, reading.settings)
    return (name, found.beside[_LAST_REVIEW]) if name is not None and _LAST_REVIEW in found.beside else None


def name_of_key(data: bytes, key: str, *, path: str, reading: Reading) -> str:
    """How a file spells one of our keys: as it is, or as the settings map it. Raises `InputError` for invalid keys."""
    if reading.native:
        return key
    return read_mapped(_text(data, path), path=path, reading=reading, our_keys=our_keys()).own.get(key, key)


def dated(spec: SpecDocument, reviewed: date | None) -> SpecDocument:
    """The spec with the day of its recorded review, where its front matter has no date; the later day of the body's."""
    if reviewed is None:
        return spec
    if spec.date_in_body and spec.last_review is not None:
        return replace(spec, last_review=max(reviewed, spec.last_review))
    undated = [item for item in spec.problems if item.message == UNDATED]
    if not undated:
        return spec
    return replace(spec, last_review=reviewed, problems=tuple(item for item in spec.problems if item not in undated))


def _mapped(text: str, path: str, reading: Reading) -> SpecDocument:
    found = read_mapped(text, path=path, reading=reading, our_keys=our_keys())
    if "id" not in found.known and not (found.own or found.beside or found.extra):
        raise InputError("has no front matter: line 1 is not ---", path=path, line=1)
    document = _owned(YamlDocument(dict(found.known), found.lines), path, reading)
    spec = _spec(document, path=path, extra=found.extra, body=found.body, body_line=found.body_line)
    return replace(spec, date_in_body=_LAST_REVIEW in found.in_body, told_lines=found.told_lines)


def _owned(document: YamlDocument, path: str, reading: Reading) -> YamlDocument:
    """The keys of a spec, with the owners of its file where it names none."""
    if "owners" in document.data or not (owners := reading.owners(path)):
        return document
    return YamlDocument({**document.data, "owners": list(owners)}, document.lines)


def _spec(document: YamlDocument, *, path: str, extra: Mapping[str, Any], body: str, body_line: int) -> SpecDocument:
    keys = document.data
    declared = {key: value for key, value in keys.items() if key != _LAST_REVIEW}
    declaration, problems = _declaration(YamlDocument(declared, document.lines), path)
    last_review, undated = _date(keys, document, path)
    return SpecDocument(
        path=path,
        declaration=declaration,
        last_review=last_review,
        extra=extra,
        body=body,
        body_line=body_line,
        lines=document.lines,
        problems=(*problems, *undated),
    )


def _text(data: bytes, path: str) -> str:
    if len(data) > MAX_BYTES:
        raise InputError(f"is larger than {MAX_BYTES:,} bytes", path=path, fix="split it")
    return decode_utf8(data, display_path=path)


def _split(text: str, path: str) -> tuple[str, str]:
    opening = _OPENING.match(text)
    if opening is None:
        raise InputError("has no front matter: line 1 is not ---", path=path, line=1)
    closing = _CLOSING.search(text, opening.end())
    if closing is None:
        raise InputError(
            "has front matter that is opened on line 1 and never closed",
            path=path,
            line=1,
            fix="put a line --- after the last key",
        )
    return text[opening.end() : closing.start()], text[closing.end() :]


def _mapping(document: YamlDocument, path: str) -> dict[str, Any]:
    if document.data is None:
        return {}
    if not isinstance(document.data, dict):
        raise InputError("has front matter without keys", path=path, line=2, fix="write it as `key: value` lines")
    return document.data


def _declaration(document: YamlDocument, path: str) -> tuple[Declaration | None, tuple[Diagnostic, ...]]:
    errors: tuple[InputError, ...] = ()
    declaration: Declaration | None = None
    try:
        declaration = decode(Declaration, document, path=path, read_apart=(_LAST_REVIEW,))
    except InputError:
        from pytest_orchestrator.codec.explain import explain_all

        errors = explain_all(Declaration, document, path=path, read_apart=(_LAST_REVIEW,))
    errors += tuple(_wrong_anchors(document, path))
    problems = tuple(_problem("SG002", path, error.message, error.line, _advice(error, document)) for error in errors)
    return None if problems else declaration, problems


def _wrong_anchors(document: YamlDocument, path: str) -> Iterator[InputError]:
    covers = document.data.get("covers")
    for index, entry in enumerate(covers if isinstance(covers, list) else ()):
        wrong = anchor_problem(entry) if isinstance(entry, str) and entry else None
        if wrong is not None:
            line = document.line(("covers", index))
            yield InputError(f"covers.{index}: {entry!r} {wrong}", path=path, line=line, fix="correct the anchor")


def _advice(error: InputError, document: YamlDocument) -> str:
    """How to correct a key, with the command that does it for a file of another tool."""
    if error.message.startswith("unknown key "):
        return "correct its name, or begin it with x-: such keys are yours, and nothing checks them"
    if error.message.startswith("status: expected "):
        return "correct it, or map it: statuses in [tool.pytest_orchestrator.spec_guard.front_matter]"
    missing = sum(key not in document.data for key in ("id", "title", "status", "owners"))
    if missing > 1 and error.message.endswith("is missing"):
        return f"add it, or convert the file: {_STAMP}"
    if error.message == "owners is missing":
        return "add owners: [NAME], or name the owners of the file in CODEOWNERS"
    return error.fix


def _date(keys: Mapping[str, Any], document: YamlDocument, path: str) -> tuple[date | None, tuple[Diagnostic, ...]]:
    fix = "set last_review to the day of the last review, as YYYY-MM-DD, or record a review: spec review"
    if _LAST_REVIEW not in keys:
        return None, (_problem("SG003", path, UNDATED, document.line(()), fix),)
    value = keys[_LAST_REVIEW]
    found = parse_date(value) if isinstance(value, str) else None
    if found is None:
        found_value = "empty" if value in (None, "") else f"{str(value)[:40]!r}, not a date"
        return None, (_problem("SG003", path, f"last_review is {found_value}", document.line((_LAST_REVIEW,)), fix),)
    return found, ()


def _problem(rule: str, path: str, message: str, line: int | None, fix: str) -> Diagnostic:
    return Diagnostic(rule=rule, severity="error", message=message, path=path, range=Range.of_line(line or 1), fix=fix)
