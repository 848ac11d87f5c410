"""The tables in `docs/loosenings.md`, cell by cell."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_orchestrator.config import ApprovalSettings, DriftSettings, SpecGuardSettings
from pytest_orchestrator.spec_guard.change.policy import _STRICTER, compared_settings, strictest
from tests.spec_guard.loosening import APPROVERS, LEDGER, OLD, OVERRIDE, TABLE, Change, build_base, override, swap
from tests.spec_guard.project import TODAY

Act = Callable[[Change], object]
COLUMNS = ("tightened", "loosened", "deleted", "moved")
CACHE = "specs/cache.md"
NONE = "\N{EN DASH}"


def document() -> Mapping[str, tuple[str, ...]]:
    """The cells of each row, by its first one."""
    text = (Path(__file__).parents[2] / "docs/loosenings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (?!setting|file|key)([^|-]+) \| (.+) \|$", text, re.MULTILINE)
    return {name.strip("`"): tuple(cells.split(" | ")) for name, cells in rows}


TABLE_OF_DOCUMENT = document()


def value(key: str, base: str, tight: str, loose: str, former: str = "") -> dict[str, Act]:
    """The cells of a setting whose line at the base is `key = base`; `former` is the line in the fixture, if any."""
    table, _, name = key.rpartition(".")
    header = f"[tool.pytest_orchestrator.spec_guard.{table}]\n" if table else TABLE

    def line(text: str) -> Act:
        return swap(f"{name} = {base}\n", f"{name} = {text}\n" if text else "")

    def prepare(change: Change) -> None:
        if former:
            change.edit("pyproject.toml", f"{former}\n", "")
        text = (change.root / "pyproject.toml").read_text()
        own = "" if header in text else header
        place = header if header in text else "[tool.pytest.ini_options]\n"
        added = f"{own}{name} = {base}\n"
        change.edit("pyproject.toml", place, place + added if header in text else added + place)

    return {"base": prepare, "tightened": line(tight), "loosened": line(loose), "deleted": line("")}


def ledger(key: str, path: str) -> dict[str, Act]:
    """The cells of the setting that names a ledger."""
    set_to = '{} = "tasks/other.x"\n'.format

    def move(change: Change) -> None:
        change.settings_with(set_to(key))
        (change.root / path).rename(change.root / "tasks/other.x")

    def name_another(change: Change) -> None:
        change.settings_with(set_to(key))

    def delete(change: Change) -> None:
        (change.root / path).unlink()

    return {"loosened": name_another, "deleted": delete, "moved": move}


def file(path: str, tight: Act, loose: Act) -> dict[str, Act]:
    """The cells of a ledger."""
    key = Path(path).stem
    return {**ledger(key, path), "tightened": tight, "loosened": loose}


def with_index(change: Change) -> None:
    listed = (("specs", "cache", "approved"), ("more", "more", "draft"), ("specs", "store", "approved"))
    rows = ", ".join(
        f'{{"id": "{name}", "path": "{folder}/{name}.md", "title": "T", "status": "{status}", "last_review": "{OLD}"}}'
        for folder, name, status in listed
    )
    change.write("tasks/index.json", f'{{"schema": "pytest-orchestrator/task-index/1", "specs": [{rows}]}}')


def with_override(change: Change) -> None:
    change.write("tasks/overrides.yaml", OVERRIDE + override("SG005", "store"))


def rename_folder(old: str, new: str, setting: str) -> Act:
    def act(change: Change) -> None:
        (change.root / old).rename(change.root / new)
        change.edit("pyproject.toml", setting, setting.replace(old, new))

    return act


def empty_folder(change: Change) -> None:
    change.write("extra/spec.md", (change.root / "more/more.md").read_bytes().replace(b"id: more", b"id: extra"))
    change.edit("pyproject.toml", '"more"]', '"more", "extra"]')


def add_review(change: Change) -> None:
    change.edit(CACHE, f"last_review: {OLD}", f"last_review: {TODAY}")
    change.review("cache", by="Bob")


def move_addopts(change: Change) -> None:
    change.edit("pyproject.toml", '[tool.pytest.ini_options]\naddopts = "--spec-guard"\n', "")
    change.write("tox.ini", "[pytest]\naddopts =\n    --spec-guard\n")


def move_lib(change: Change) -> None:
    change.write("lib/README.md", "Of the library.\n")
    change.edit("pyproject.toml", '"fail"', '"off"')
    change.commit()
    change.git("tag", "-f", "base")
    change.git("mv", "lib", "library")
    change.edit("pyproject.toml", '"lib/"', '"library/"')


def delete_spec(change: Change) -> None:
    (change.root / CACHE).unlink()


def move_spec(change: Change) -> None:
    change.git("mv", CACHE, "more/renamed.md")
    change.commit()


CELLS: dict[str, dict[str, Act]] = {
    "paths": {
        "tightened": empty_folder,
        "loosened": swap('"specs", "more"', '"specs"'),
        "deleted": swap('paths = ["specs", "more"]\n'),
        "moved": rename_folder("more", "plans", '"more"]'),
    },
    "code": {
        **value("code", '["src/", "lib/"]', '["src/", "lib/", "bin/"]', '["lib/"]', 'code = ["src/", "lib/"]'),
        "moved": move_lib,
    },
    "require_spec": value("require_spec", '"fail"', '"fail"', '"warn"', 'require_spec = "fail"'),
    "max_age_days": value("max_age_days", "20", "15", "21"),
    "warn_days": value("warn_days", "10", "11", "9", "warn_days = 10"),
    "scope": value("scope", '"all"', '"all"', '"auto"', 'scope = "all"'),
    "severity": value("severity.SG012", '"error"', '"error"\nSG011 = "error"', '"warning"', 'SG012 = "error"'),
    "bulk_dates": value("bulk_dates", "5", "4", "6", "bulk_dates = 5"),
    "reviews": ledger("reviews", LEDGER),
    "overrides": ledger("overrides", "tasks/overrides.yaml") | {"base": with_override},
    "approvers": ledger("approvers", "tasks/approvers.yaml"),
    "index": ledger("index", "tasks/index.json") | {"base": with_index},
    "approvals.required": value("approvals.required", "1", '1\nroles = ["security"]', "0", 'roles = ["security"]'),
    "approvals.roles": value(
        "approvals.roles", '["security"]', '["security"]\nrequired = 1', "[]", 'roles = ["security"]'
    ),
    "approvals.own_commit": value("approvals.own_commit", "true", "true", "false"),
    "drift.max_days": value("drift.max_days", "10", "9", "11", "max_days = 10"),
    "drift.max_commits": value("drift.max_commits", "5", "4", "6", "max_commits = 5"),
    "docstrings": value("docstrings", "true", "true", "false"),
    "exclude": value("exclude", '["specs/*.x.md"]', "[]", '["specs/*.md"]'),
    "max_age": value("max_age", "{cache = 20}", "{cache = 19}", "{cache = 21}"),
    "baseline": value("baseline", '"tasks/base.json"', "", '"tasks/other.json"'),
    **{
        f"{table}.{key}": value(f"{table}.{key}", base, tight, loose)
        for table in ("front_matter", "stamp")
        for key, base, tight, loose in (
            ("keys", '{a = "title"}', "", '{b = "title"}'),
            ("statuses", '{a = "draft"}', "", '{b = "draft"}'),
            ("owners", '["ann"]', "", '["bob"]'),
        )
    },
    "front_matter.allow": value("front_matter.allow", '["tag"]', "[]", '["tag", "nav"]'),
    "front_matter.ids": value("front_matter.ids", '["more/{id}.md"]', "", '["extra/{id}.md"]'),
    "front_matter.beside": value("front_matter.beside", '"kep.yaml"', "", '"other.yaml"'),
    LEDGER: file(LEDGER, add_review, lambda c: c.write(LEDGER, (c.root / LEDGER).read_text().splitlines()[1] + "\n")),
    "tasks/overrides.yaml": file(
        "tasks/overrides.yaml",
        lambda c: c.write("tasks/overrides.yaml", OVERRIDE.replace("overrides:", "overrides: []")),
        lambda c: c.write("tasks/overrides.yaml", OVERRIDE + override("SG005", "store") + override("SG007", "cache")),
    )
    | {"base": with_override},
    "tasks/approvers.yaml": file(
        "tasks/approvers.yaml",
        lambda c: c.write("tasks/approvers.yaml", APPROVERS[: APPROVERS.index("  bot")]),
        lambda c: c.write("tasks/approvers.yaml", APPROVERS + "  eve: {}\n"),
    ),
    "tasks/index.json": ledger("index", "tasks/index.json")
    | {"base": with_index, "loosened": swap('"id": "cache"', '"id": "cash"', "tasks/index.json")},
    "pytest's `addopts": {
        "tightened": swap('"--spec-guard"', '"--spec-guard --strict-markers"'),
        "loosened": swap('"--spec-guard"', '"--spec-guard --spec-guard-dry-run"'),
        "deleted": swap('addopts = "--spec-guard"\n'),
        "moved": move_addopts,
    },
    "status": {
        "tightened": swap("status: approved", "status: implemented", CACHE),
        "loosened": swap("status: approved", "status: draft", CACHE),
        "deleted": swap("status: approved\n", "", CACHE),
    },
    "evidence": {
        "tightened": swap("owners:", "evidence: required\nowners:", "specs/store.md"),
        "loosened": swap("evidence: required", "evidence: optional", CACHE),
        "deleted": swap("evidence: required\n", "", CACHE),
    },
    "covers_mode": {
        "base": swap("owners:", "covers_mode: any\nowners:", "specs/store.md"),
        "tightened": swap("covers_mode: any", "covers_mode: all", "specs/store.md"),
        "loosened": swap("owners:", "covers_mode: any\nowners:", CACHE),
    },
    "covers": {
        "tightened": swap("owners:", "covers: ['src/store.py']\nowners:", "more/more.md"),
        "loosened": swap("'src/cache.py'", "'src/cache.py::cache'", CACHE),
        "deleted": swap("covers: ['src/cache.py']\n", "", CACHE),
    },
    "owners": {
        "base": swap("owners: [ann]", "owners: [ann, bob]", CACHE),
        "tightened": swap("owners: [ann, bob]", "owners: [bob]", CACHE),
        "loosened": swap("owners: [ann, bob]", "owners: [ann, bob, eve]", CACHE),
        "deleted": swap("owners: [ann, bob]\n", "", CACHE),
    },
    "the whole spec": {"deleted": delete_spec, "moved": move_spec},
}


def cells() -> Iterator[tuple[str, str]]:
    for name, found in TABLE_OF_DOCUMENT.items():
        for column, cell in zip(COLUMNS, found, strict=True):
            if cell != NONE:
                yield name, column


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_base(tmp_path_factory.mktemp("base")).root


@pytest.mark.parametrize(("name", "column"), list(cells()))
def test_cell(base: Path, tmp_path: Path, name: str, column: str) -> None:
    shutil.copytree(base, tmp_path / "project", symlinks=True)
    change = Change(tmp_path / "project")
    acts = CELLS[name]
    if "base" in acts:
        acts["base"](change)
        change.commit(day=OLD)
        change.git("tag", "-f", "base")
    acts[column](change)
    expected = TABLE_OF_DOCUMENT[name][COLUMNS.index(column)]
    found = {item.rule for item in change.errors()}
    assert found == set() if expected == "passes" else expected in found, found


_NAMES = st.lists(st.sampled_from(["src/", "src/a.py", "lib/*.py", "b"]), unique=True).map(tuple)
_SETTINGS = st.builds(
    SpecGuardSettings,
    code=_NAMES,
    require_spec=st.sampled_from(["off", "warn", "fail"]),
    max_age_days=st.integers(1, 9),
    warn_days=st.integers(0, 9),
    scope=st.sampled_from(["auto", "all", "diff"]),
    severity=st.dictionaries(st.sampled_from(["SG001", "SG002"]), st.sampled_from(["off", "warning", "error"])),
    bulk_dates=st.integers(1, 9),
    approvals=st.builds(ApprovalSettings, required=st.integers(0, 3), roles=_NAMES, own_commit=st.booleans()),
    drift=st.builds(DriftSettings, max_days=st.integers(0, 9), max_commits=st.integers(0, 9)),
)


@given(_SETTINGS, _SETTINGS)
def test_the_policy_demands_all_that_either_side_does(former: SpecGuardSettings, present: SpecGuardSettings) -> None:
    both = strictest(former, present)
    assert strictest(former, both.settings).loosened == ()
    assert strictest(present, both.settings).loosened == ()
    assert (strictest(former, present).loosened == ()) == (both.settings == present)


def test_every_setting_has_a_row_and_an_order() -> None:
    known = set(compared_settings())
    assert known == set(_STRICTER)
    assert known <= set(TABLE_OF_DOCUMENT)
    assert set(CELLS) == set(TABLE_OF_DOCUMENT)
