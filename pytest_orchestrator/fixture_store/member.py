"""What an archive may hold: regular files, under names that mean the same on every system."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from pytest_orchestrator.errors import FixtureError

_MAX_NAME_BYTES = 1024
_MAX_PART_BYTES = 255
_DRIVE = re.compile("[A-Za-z]:")
_GIT_FOLDER = re.compile(r"(?:\.git|git~1)[ .]*(?::.*)?", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much an archive may unpack to."""

    members: int = 50_000
    total_bytes: int = 1 << 30
    file_bytes: int = 64 << 20
    ratio: int = 100
    """The most unpacked bytes for one packed byte, once more than `ratio_from` bytes are unpacked."""
    ratio_from: int = 16 << 20


@dataclass(frozen=True, kw_only=True)
class SourceFile:
    """One file of an archive. `path` is relative to the archive's one top folder."""

    path: str
    executable: bool
    data: bytes


def refusal(reason: str, *, member: str | None = None) -> FixtureError:
    """The error for an archive that is not unpacked: why, and which member is to blame."""
    where = "" if member is None else f"member {member[:200]!r} "
    return FixtureError(f"{where}{reason}", fix="pin another release: this archive is malformed or hostile")


class MemberNames:
    """Checks the names of an archive's members in their order, and removes the top folder from them."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._count = 0
        self._top: str | None = None
        self._files: dict[str, str] = {}
        self._folders: dict[str, str] = {}

    def accept(self, name: str, *, folder: bool) -> str:
        """The path of a member below the top folder; empty for the top folder itself.

        Raises:
            FixtureError: the name is unsafe, collides with an earlier one, or exceeds the limit on members.
        """
        self._count += 1
        if self._count > self._limits.members:
            raise refusal(f"it holds more than {self._limits.members:,} members")
        parts = _parts(name)
        if self._top is None:
            self._top = parts[0]
        if parts[0] != self._top:
            raise refusal(f"is outside of the archive's top folder {self._top!r}", member=name)
        if len(parts) == 1:
            if not folder:
                raise refusal("is outside of the top folder of the source archive", member=name)
            return ""
        path = "/".join(parts[1:])
        for ancestor in _ancestors(path):
            self._claim_folder(ancestor, name)
        if folder:
            self._claim_folder(path, name)
        else:
            self._claim_file(path, name)
        return path

    def _claim_folder(self, path: str, name: str) -> None:
        key = _folded(path)
        if key in self._files:
            raise refusal(f"is below the file {self._files[key]!r}", member=name)
        if self._folders.setdefault(key, path) != path:
            raise refusal(f"differs from the folder {self._folders[key]!r} in letter case or accents only", member=name)

    def _claim_file(self, path: str, name: str) -> None:
        key = _folded(path)
        if key in self._folders:
            raise refusal(f"has the name of the folder {self._folders[key]!r}", member=name)
        if key in self._files:
            twin = self._files[key]
            how = "occurs twice" if twin == path else f"differs from {twin!r} in letter case or accents only"
            raise refusal(how, member=name)
        self._files[key] = path


def _parts(name: str) -> list[str]:
    if name.startswith("/"):
        raise refusal("has an absolute name", member=name)
    if "\\" in name or _DRIVE.match(name):
        raise refusal("has a name with a backslash or a drive letter", member=name)
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in name):
        raise refusal("has a control character in its name, or one that is not UTF-8", member=name)
    if len(name.encode()) > _MAX_NAME_BYTES:
        raise refusal(f"has a name of more than {_MAX_NAME_BYTES:,} bytes", member=name)
    # Archives made with `tar -c ./folder` begin every name so.
    parts = name.removeprefix("./").removesuffix("/").split("/")
    for part in parts:
        if part in ("", ".", ".."):
            raise refusal(f"has {part!r} as a part of its name", member=name)
        if len(part.encode()) > _MAX_PART_BYTES:
            raise refusal(f"has a part of more than {_MAX_PART_BYTES} bytes in its name", member=name)
        visible = "".join(character for character in part if unicodedata.category(character) != "Cf")
        if _GIT_FOLDER.fullmatch(visible):
            raise refusal("has a name that git reserves", member=name)
    return parts


def _ancestors(path: str) -> Iterator[str]:
    end = path.find("/")
    while end >= 0:
        yield path[:end]
        end = path.find("/", end + 1)


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
