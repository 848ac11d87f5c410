"""An owner's view of the specs."""

from __future__ import annotations

from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.commands.spec.spec_paths import known_paths
from pytest_orchestrator.errors import UsageError
from pytest_orchestrator.spec_guard.project import Project


def owned_paths(project: Project, owner: str) -> tuple[str, ...]:
    """The paths of the specs that `owner`, spelt in any case, is an owner of; sorted. Works without git, too.

    Raises:
        UsageError: no spec has that owner.
        GitError, InputError: as `known_paths` does.
    """
    owners: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for spec in map(project.document, known_paths(project)):
        for name in spec.declaration.owners if spec.declaration else ():
            owners.setdefault(name.casefold(), []).append(spec.path)
            names.setdefault(name.casefold(), name)
    found = owners.get(owner.casefold())
    if found is None:
        raise UsageError(
            f"no spec has the owner {owner!r}: {did_you_mean(owner, names.values())}",
            fix="list the owners: pytest-orchestrator spec list",
        )
    return tuple(dict.fromkeys(found))
