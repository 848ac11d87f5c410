"""The ledger of overrides, `tasks/overrides.yaml`: exceptions to a rule for a spec, with owner, reason and end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal

from pytest_orchestrator.codec.decode import Limit, decode
from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.codec.yaml import load_yaml
from pytest_orchestrator.diagnostics import Diagnostic, Range
from pytest_orchestrator.spec_guard.coverage import globs
from pytest_orchestrator.spec_guard.document.spec import SpecDocument

RULE = "SG019"
LOOSENED = "SG021"
MAX_DURATION = timedelta(days=30)
MAX_BYTES = 1 << 20
# Rules that cannot be overridden: unreadable files, and wrong overrides.
_NOT_OVERRIDABLE = frozenset({"SG001", RULE})
_Text = Annotated[str, Limit(min_length=1)]


@dataclass(frozen=True, kw_only=True)
class Override:
    """One exception to one rule."""

    rule: _Text
    spec: _Text
    """The id of a spec, its path, or a glob of paths."""
    reason: str
    owner: _Text
    """Who will correct the spec."""
    approved_by: _Text
    """Who approved the override; not the owner."""
    expires: date
    """The last day on which it counts, at most 30 days ahead."""
    line: int = 1
    """Its line in the ledger; not a key of the file."""

    @property
    def names_settings(self) -> bool:
        """Whether it is for a file of settings or a ledger, named in full: what SG021 finds may be there."""
        return self.rule == LOOSENED and not set(self.spec) & set("*?[")

    def excuses(self, found: Diagnostic, spec_id: str | None) -> bool:
        """Whether it excuses the finding `found` on the spec with the id `spec_id`."""
        return found.rule == self.rule and self.concerns(found.path, spec_id)

    def concerns(self, path: str, spec_id: str | None) -> bool:
        """Whether it names the spec, or the file, at `path`."""
        return self.spec == spec_id or globs.matches(path, (self.spec,))


@dataclass(frozen=True, kw_only=True)
class OverrideEntry:
    """One exception to one rule."""

    rule: _Text
    spec: _Text
    reason: Annotated[str, Limit(min_length=1)]
    owner: _Text
    approved_by: _Text
    expires: date


@dataclass(frozen=True, kw_only=True)
class OverridesFile:
    """`tasks/overrides.yaml`."""

    schema: Literal["pytest-orchestrator/overrides/1"]
    overrides: tuple[OverrideEntry, ...] = ()


def parse_overrides(text: str, *, path: str) -> tuple[Override, ...]:
    """The overrides that `text` holds.

    Raises:
        InputError: it does not fit the format, for example without owner, reason or expiry.
    """
    document = load_yaml(text, path=path)
    found = decode(OverridesFile, document, path=path)
    return tuple(
        Override(
            rule=item.rule,
            spec=item.spec,
            reason=item.reason.strip(),
            owner=item.owner,
            approved_by=item.approved_by,
            expires=item.expires,
            line=document.line(("overrides", index)),
        )
        for index, item in enumerate(found.overrides)
    )


def override_problems(
    overrides: Iterable[Override],
    *,
    specs: Sequence[SpecDocument],
    rules: Sequence[str],
    today: date,
    path: str,
) -> Iterator[tuple[Override, Diagnostic]]:
    """The overrides that don't count, each with a diagnostic that says why."""
    listed = tuple(overrides)
    everything = _for_everything(listed, specs)
    for override in listed:
        wrong = _problem(override, specs, rules, today)
        if wrong is None and override.rule in everything and override.spec not in everything[override.rule]:
            wrong = (
                f"is, with the others of {override.rule}, for all {len(specs)} specs",
                "name the specs, or set the rule's severity in the settings",
            )
        if wrong is not None:
            message, fix = wrong
            yield (
                override,
                Diagnostic(
                    rule=RULE,
                    severity="error",
                    message=f"the override of {override.rule} for {override.spec} {message}",
                    path=path,
                    range=Range.of_line(override.line),
                    fix=fix,
                ),
            )


def _for_everything(overrides: Sequence[Override], specs: Sequence[SpecDocument]) -> Mapping[str, frozenset[str]]:
    """The rules whose overrides together concern all specs, with the ids and paths that name one spec alone."""
    single = frozenset(filter(None, (name for spec in specs for name in (spec.path, spec.id))))
    wide = {override.rule for override in overrides if override.spec not in single}
    return {
        rule: single
        for rule in wide
        if len(specs) > 1
        and all(
            any(override.rule == rule and override.concerns(spec.path, spec.id) for override in overrides)
            for spec in specs
        )
    }


def _problem(
    override: Override, specs: Sequence[SpecDocument], rules: Sequence[str], today: date
) -> tuple[str, str] | None:
    if rules and override.rule not in rules:
        return f"names an unknown rule: {did_you_mean(override.rule, rules)}", "name one rule, such as SG005"
    if override.rule in _NOT_OVERRIDABLE:
        return "names a rule that can't be overridden", "correct the finding"
    if override.expires < today:
        ago = (today - override.expires).days
        return (
            f"expired on {override.expires}, {ago} day{'' if ago == 1 else 's'} ago",
            "correct the spec, then remove the override",
        )
    if override.expires > today + MAX_DURATION:
        latest = today + MAX_DURATION
        return f"expires on {override.expires}, more than {MAX_DURATION.days} days ahead", f"let it expire by {latest}"
    if _person(override.owner) == _person(override.approved_by):
        return "is approved by its own owner", "let somebody else approve it"
    if len(override.reason) < 10:
        return (
            f"gives no real reason: {override.reason!r}",
            "say what prevents the correction, and when it will be made",
        )
    concerned = [spec for spec in specs if override.concerns(spec.path, spec.id)]
    if specs and not concerned and not override.names_settings:
        return "names no spec of this project", "name a spec's id, its path, or a glob of paths; or remove the override"
    if len(concerned) == len(specs) and len(specs) > 1:
        return (
            f"is for all {len(specs)} specs",
            "name the specs, or set the rule's severity in the settings",
        )
    return None


def _person(name: str) -> str:
    return " ".join(name.casefold().split())
