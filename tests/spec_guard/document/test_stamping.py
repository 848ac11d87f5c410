"""`spec stamp`: other front matter becomes ours, and comes back byte for byte."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_orchestrator.errors import InputError
from pytest_orchestrator.spec_guard.document.spec import parse
from pytest_orchestrator.spec_guard.document.stamping import StampPlan, stamp, unstamp

_PLAN = StampPlan(
    keys={"reviewed": "last_review", "author": "owners", "name": "title"},
    statuses={"done": "implemented", "": "draft"},
    owners=("platform",),
    last_review=date(2020, 1, 2),
)
_YAML = b"---\nname: The cache\nauthor: ann, bob\nreviewed: 2020/11/01\nstatus: done\ncolour: red\n---\nText.\n"
_TOML = (
    b'+++\nname = "The cache"\nauthor = ["ann", "bob"]\nreviewed = 2020-11-01\nstatus = "done"\n'
    b"[more]\na = 1\n+++\nText.\n"
)
_COMMENT = b"<!--\nname: The cache\nauthor: [ann, bob]\nreviewed: 2020-11-01\nstatus: done\n-->\nText.\n"


@pytest.mark.parametrize("data", [_YAML, _TOML, _COMMENT, b"\xef\xbb\xbf" + _YAML, _YAML.replace(b"\n", b"\r\n")])
def test_each_dialect_becomes_ours_and_comes_back(data: bytes) -> None:
    stamped = stamp(data, path="docs/specs/the cache.md", plan=_PLAN)
    assert stamped is not None
    spec = parse(stamped, path="x")
    assert spec.declaration is not None
    assert (spec.declaration.id, spec.declaration.title, spec.declaration.status) == (
        "the-cache",
        "The cache",
        "implemented",
    )
    assert spec.declaration.owners == ("ann", "bob")
    assert spec.last_review == date(2020, 11, 1)
    assert stamp(stamped, path="x", plan=_PLAN) is None
    assert unstamp(stamped, path="x") == data


def test_file_without_front_matter_gets_one() -> None:
    data = b"# The cache\n\n<!-- just a comment -->\nText.\n"
    stamped = stamp(data, path="cache.md", plan=_PLAN)
    assert stamped is not None
    spec = parse(stamped, path="x")
    assert spec.declaration is not None
    assert (spec.declaration.title, spec.declaration.status, spec.declaration.owners) == (
        "The cache",
        "draft",
        ("platform",),
    )
    assert spec.last_review == date(2020, 1, 2)
    assert unstamp(stamped, path="x") == data


def test_keys_that_are_not_ours_are_kept_with_a_prefix() -> None:
    stamped = stamp(_YAML, path="a.md", plan=_PLAN)
    assert stamped is not None
    assert parse(stamped, path="x").extra == {"x-colour": "red"}


def test_edits_of_the_body_survive_the_way_back() -> None:
    stamped = stamp(_TOML, path="a.md", plan=_PLAN)
    assert stamped is not None
    assert unstamp(stamped.replace(b"Text.", b"New text."), path="x") == _TOML.replace(b"Text.", b"New text.")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (_YAML.replace(b"done", b"shipped"), "status 'shipped'"),
        (_YAML.replace(b"2020/11/01", b"yesterday"), "date 'yesterday'"),
        (_TOML.replace(b'"done"', b"done"), "not valid TOML"),
        (b"+++\na = 1\n", "never closed"),
        (b"---\n- a\n---\n", "without keys"),
        (b"\xff\xfe", "not UTF-8"),
    ],
)
def test_what_can_not_be_stamped_is_refused_in_words(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        stamp(data, path="a.md", plan=_PLAN)


def test_stamp_that_was_tampered_with_is_refused() -> None:
    stamped = stamp(_YAML, path="a.md", plan=_PLAN)
    assert stamped is not None
    start = stamped.index(b"sha256:") + 7
    with pytest.raises(InputError, match="damaged stamp"):
        unstamp(stamped[:start] + b"0" * 64 + stamped[start + 64 :], path="a.md")
    assert unstamp(_YAML, path="a.md") is None


@given(st.text(), st.dictionaries(st.text(min_size=1), st.text() | st.integers() | st.lists(st.text()), max_size=4))
def test_whatever_is_stamped_comes_back(body: str, keys: dict[str, object]) -> None:
    from pytest_orchestrator.codec.yaml import dump_yaml

    data = f"---\n{dump_yaml(keys)}---\n{body}".encode("utf-8", "replace")
    try:
        stamped = stamp(data, path="a.md", plan=_PLAN)
    except InputError:
        return
    if stamped is not None:
        assert unstamp(stamped, path="a.md") == data
