"""Symbolic links of a project: a file that is reached through one is covered like the file itself."""

from __future__ import annotations

import bisect
import posixpath
from collections.abc import Iterable, Mapping

from pytest_orchestrator.errors import InputError

_MAX_LINKED = 100_000


def find_linked(links: Mapping[str, str], files: Iterable[str]) -> Mapping[str, str]:
    """The file of the project behind each path that goes through a link.

    `links` holds the target of each link as it is written. A link that leads out of the project, or to a folder that
    it lies in, leads nowhere.

    Raises:
        InputError: more than 100,000 paths go through links.
    """
    found: dict[str, str] = {}
    names = sorted(files) if links else []
    for link in links:
        target = _resolved(link, links)
        if target is None or link.startswith(f"{target}/"):
            continue
        start = bisect.bisect_left(names, f"{target}/")
        end = bisect.bisect_left(names, f"{target}0", start)  # 0 comes after /
        if len(found) + end - start > _MAX_LINKED:
            message = f"leads to so many files that more than {_MAX_LINKED:,} paths go through symbolic links"
            raise InputError(message, path=link, fix="remove the link")
        found |= {link + name[len(target) :]: name for name in names[start:end]}
        at = bisect.bisect_left(names, target)
        if names[at : at + 1] == [target]:
            found[link] = target
    return found


def _resolved(link: str, links: Mapping[str, str]) -> str | None:
    """The path that a link leads to, through further links; None outside of the project, or in a circle."""
    path, seen = link, set[str]()
    while path in links:
        if path in seen or posixpath.isabs(links[path]):
            return None
        seen.add(path)
        path = posixpath.normpath(posixpath.join(posixpath.dirname(path), links[path]))
    return None if path.split("/")[0] in (".", "..") else path
