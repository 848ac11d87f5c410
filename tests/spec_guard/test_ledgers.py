"""The files beside specs: reviews, overrides, index, approvers. Whatever they hold, there is an answer and no crash."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_orchestrator.codec.yaml import dump_yaml
from pytest_orchestrator.config import ApprovalSettings
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.spec_guard.coverage.syntax import text_digest
from pytest_orchestrator.spec_guard.document.dialects import read_foreign
from pytest_orchestrator.spec_guard.document.spec import parse
from pytest_orchestrator.spec_guard.ledgers.approvals import parse_approvers
from pytest_orchestrator.spec_guard.ledgers.overrides import parse_overrides
from pytest_orchestrator.spec_guard.ledgers.task_index import parse_index
from pytest_orchestrator.spec_guard.reviews.ledger import ReviewRecord, parse_reviews, render_reviews
from tests.spec_guard.project import TODAY, Project

_BODY = "text:" + "0" * 32
_RECORD = '{"spec": "a", "path": "a.md", "by": "ann", "on": "2020-11-20", "body": "' + _BODY + '"}'
_OVERRIDES = "tasks/overrides.yaml"
_INDEX = "tasks/index.json"


@given(
    st.builds(
        ReviewRecord,
        spec=st.text(min_size=1),
        path=st.text(),
        by=st.text(min_size=1),
        on=st.dates(),
        body=st.just(_BODY),
        covers=st.dictionaries(st.text(), st.text()),
        note=st.text(),
        dirty=st.booleans(),
    )
)
def test_record_that_is_written_is_read_back(record: ReviewRecord) -> None:
    assert parse_reviews(render_reviews([record]), path="x").records == (record,)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "not JSON"),
        ("[]", "expected mapping"),
        (_RECORD[:-1] + ', "by": "bob"}', "a key is given twice"),
        (_RECORD.replace("2020-11-20", "2020-02-30"), "expected a date"),
        (_RECORD.replace('"ann"', '""'), "must not be empty"),
        (_RECORD[:-1] + ', "byy": "bob"}', "did you mean 'by'"),
        (_RECORD[:-1] + ', "note": NaN}', "NaN"),
        ("<<<<<<< HEAD", "merge conflict"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_ledger_names_the_line_that_is_wrong(line: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        parse_reviews(f"{_RECORD}\n\n{line}\n", path="tasks/reviews.jsonl")
    assert (caught.value.path, caught.value.line) == ("tasks/reviews.jsonl", 3)
    assert caught.value.fix


def test_last_review_is_the_newest_whatever_the_order_of_lines() -> None:
    older = _RECORD.replace("2020-11-20", "2020-11-01")
    ledger = parse_reviews(f"{_RECORD}\n{older}\n", path="x")
    assert ledger.latest["a"].on == date(2020, 11, 20)


def _readers() -> list[Callable[[str], object]]:
    return [
        lambda text: parse_reviews(text, path="x"),
        lambda text: parse_overrides(text, path="x"),
        lambda text: parse_index(text, path="x"),
        lambda text: parse_approvers(text, path="x"),
        lambda text: read_foreign(text, path="x", known=("id",)),
        lambda text: parse(text.encode("utf-8", "surrogatepass"), path="x"),
    ]


_PIECES = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(
            ["---\n", "+++\n", "<!--", "-->", "\n", "id: a\n", "last_review: 2020-11-20\n", "{", "}", "[", '"']
        ),
        st.sampled_from(
            ["&a [*a]", "!!python/object", "? a", "a: b: c", "\t", "\x00", "\r\n", "\u2028", "title = 1\n"]
        ),
    ),
    max_size=12,
).map("".join)


@pytest.mark.parametrize("number", range(len(_readers())))
@given(text=_PIECES)
def test_any_text_is_read_or_refused_in_words(number: int, text: str) -> None:
    with contextlib.suppress(InputError):
        _readers()[number](text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_any_json_is_read_or_refused_in_words(data: object) -> None:
    for text in (json.dumps(data), json.dumps({"schema": "pytest-orchestrator/task-index/1", "specs": data})):
        for read in _readers()[:4]:
            with contextlib.suppress(InputError):
                read(text)


@given(_PIECES)
def test_front_matter_passes_only_when_it_is_whole(text: str) -> None:
    """No pass by accident: a spec without a problem has everything that a spec must have."""
    spec = parse(text.encode("utf-8", "surrogatepass"), path="x")
    if not spec.problems:
        assert spec.declaration is not None
        assert spec.last_review is not None


def _override(**changes: object) -> str:
    entry: dict[str, object] = {
        "rule": "SG005",
        "spec": "stale",
        "reason": "The new one is in review.",
        "owner": "ann",
        "approved_by": "bob",
        "expires": str(TODAY + timedelta(days=10)),
    }
    kept = {key: value for key, value in {**entry, **changes}.items() if value is not None}
    return dump_yaml({"schema": "pytest-orchestrator/overrides/1", "overrides": [kept]})


@pytest.fixture
def stale(project: Project) -> Project:
    project.with_all_rules()
    project.spec("fresh", reviewed=TODAY)
    project.spec("stale", reviewed=TODAY - timedelta(days=50))
    project.commit(day=TODAY - timedelta(days=50))
    return project


@pytest.mark.parametrize("spec", ["stale", "specs/stale.md", "specs/st*.md"])
def test_override_excuses_and_names_author_and_reason(stale: Project, spec: str) -> None:
    stale.write(_OVERRIDES, _override(spec=spec))
    stale.commit()
    (found,) = stale.check().diagnostics
    assert (found.rule, found.severity) == ("SG005", "warning")
    assert "excused until 2020-11-30 by ann, approved by bob: The new one is in review." in found.message


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"expires": "2020-11-19"}, "expired on 2020-11-19, 1 day ago"),
        ({"expires": "2020-12-21"}, "more than 30 days ahead"),
        ({"rule": "SG5"}, "names an unknown rule"),
        ({"spec": "nothing"}, "names no spec"),
        ({"approved_by": "Ann "}, "approved by its own owner"),
        ({"reason": "because"}, "no real reason"),
        ({"owner": None}, "the key 'owner' is missing"),
        ({"expires": None}, "the key 'expires' is missing"),
        ({"expires": "soon"}, "expected a date"),
        ({"until": "2020-12-01"}, "unknown key 'until'"),
    ],
)
def test_override_that_does_not_hold_excuses_nothing(stale: Project, changes: dict[str, object], message: str) -> None:
    stale.write(_OVERRIDES, _override(**changes))
    found = stale.check().errors
    assert {item.rule for item in found} == {"SG005", "SG019"}
    assert message in next(item.message for item in found if item.rule == "SG019")


def _index(**changes: object) -> str:
    entry = {
        "id": "a",
        "path": "specs/a.md",
        "title": "T",
        "status": "approved",
        "last_review": "2020-11-20",
        **changes,
    }
    return json.dumps({"schema": "pytest-orchestrator/task-index/1", "specs": [entry]}, indent=1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (_index(), None),
        (_index(status="draft"), "says that the status of 'a' is draft, but specs/a.md says approved"),
        (_index(last_review="2020-11-19"), "last review of 'a' is 2020-11-19"),
        (_index(path="specs/b.md"), "path of 'a' is specs/b.md"),
        (_index(id="b"), "lists 'b' (specs/a.md), but no spec has that id"),
        (_index(status="done"), "expected one of draft"),
        ("{}", "the key 'schema' is missing"),
        ("{", "is not valid JSON"),
        ('{"schema": 1, "schema": 2}', "a key is given twice"),
    ],
)
def test_index_is_held_to_the_specs(project: Project, text: str, message: str | None) -> None:
    project.with_all_rules()
    project.spec("a", reviewed=TODAY)
    project.write(_INDEX, text)
    found = [item for item in project.check().diagnostics if item.rule == "SG014"]
    assert not found if message is None else any(message in item.message for item in found)


def test_index_that_lacks_a_spec_is_reported(project: Project) -> None:
    project.with_all_rules()
    project.spec("a", reviewed=TODAY)
    project.spec("b", reviewed=TODAY)
    project.write(_INDEX, _index())
    assert [item.message for item in project.check().diagnostics] == ["lacks the spec 'b' (specs/b.md)"]


def _approved(project: Project, *entries: object, status: str = "approved") -> None:
    project.spec("a", reviewed=TODAY, status=status)
    text = (project.root / "specs/a.md").read_text()
    project.write("specs/a.md", text.replace("owners:", dump_yaml({"approvals": list(entries)}) + "owners:"))


def _commit_as(project: Project, name: str) -> None:
    project.git("add", "-A")
    project.git("-c", f"user.name={name}", "commit", "-q", "-m", "x", "--author", f"{name} <{name}@example.org>")


_PEOPLE = dump_yaml(
    {
        "schema": "pytest-orchestrator/approvers/1",
        "approvers": {
            "bob": {"emails": ["bob@example.org"], "roles": ["security"]},
            "eve": {"emails": ["eve@example.org"]},
            "bot": {"emails": ["bot@example.org"], "agent": True},
        },
    }
)


@pytest.mark.parametrize(
    ("name", "body", "policy", "message"),
    [
        ("bob", "What it does.", ApprovalSettings(required=1, roles=("security",)), None),
        ("bob", "What it did.", ApprovalSettings(required=1), "approved another text"),
        ("bot", "What it does.", ApprovalSettings(required=1), "is an agent"),
        ("eve", "What it does.", ApprovalSettings(required=1, roles=("security",)), "lacks the approval of security"),
        ("eve", "What it does.", ApprovalSettings(required=2), "has 1 of the 2 approvals"),
        ("ewe", "What it does.", ApprovalSettings(required=1), "did you mean 'eve'"),
    ],
)
def test_approvals_count_by_policy(
    project: Project, name: str, body: str, policy: ApprovalSettings, message: str | None
) -> None:
    project.with_all_rules()
    project.write("tasks/approvers.yaml", _PEOPLE)
    project.spec("a", reviewed=TODAY)
    project.commit()
    _approved(project, {"by": name, "body": text_digest(body)})
    _commit_as(project, name)
    found = project.check(approvals=policy).diagnostics
    assert not found if message is None else (found[0].rule, message in found[0].message) == ("SG013", True)


def test_approval_by_another_person_excuses_a_weakening(project: Project) -> None:
    project.with_all_rules()
    project.write("tasks/approvers.yaml", _PEOPLE)
    project.write("src/a.py", "x = 1\n")
    project.spec("a", ["src/a.py"], reviewed=TODAY, body="It MUST be so.")
    base = project.commit()
    project.write("src/a.py", "x = 2\n")
    project.spec("a", ["src/a.py"], reviewed=TODAY, body="It MAY be so.")
    project.commit()
    assert project.found(base=base) == ["SG016 specs/a.md"]
    text = (project.root / "specs/a.md").read_text()
    entry = dump_yaml({"approvals": [{"by": "bob", "body": text_digest("It MAY be so.")}]})
    project.write("specs/a.md", text.replace("owners:", entry + "owners:"))
    _commit_as(project, "bob")
    assert project.found(base=base) == []


def test_policy_without_a_list_of_approvers_is_an_error(project: Project) -> None:
    project.with_all_rules()
    project.spec("a", reviewed=TODAY, status="draft")
    assert project.found(approvals=ApprovalSettings(required=1)) == ["SG013 tasks/approvers.yaml"]
