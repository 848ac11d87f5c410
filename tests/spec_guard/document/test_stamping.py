"""`spec stamp`: adds the keys that a file lacks, changes no other byte, and takes them out again."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_orchestrator.config import FrontMatterSettings
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.spec_guard.document.mapping import NATIVE, Reading
from pytest_orchestrator.spec_guard.document.spec import parse
from pytest_orchestrator.spec_guard.document.stamping import stamp, unstamp

_READING = Reading(
    settings=FrontMatterSettings(
        keys={"reviewed": "last_review", "author": "owners", "name": "title"},
        statuses={"done": "implemented"},
        allow=("colour", "nav_order", "more"),
        ids=("specs/{id}.yml",),
    )
)
_DAY = date(2020, 1, 2)
_YAML = b"---\nname: The cache\nauthor: ann, bob\nreviewed: '2020/11/01'\nstatus: done\nnav_order: 3\n---\nText.\n"
_TOML = (
    b'+++\nname = "The cache"\nauthor = ["ann", "bob"]\nreviewed = 2020-11-01\nstatus = "done"\n'
    b"[more]\na = 1\n+++\nText.\n"
)
_COMMENT = b"<!--\nname: The cache\nauthor: [ann, bob]\nreviewed: 2020-11-01\nstatus: done\n-->\nText.\n"


def _stamped(data: bytes, *, path: str = "specs/the cache.md", reading: Reading = _READING) -> bytes:
    found = stamp(data, path=path, last_review=_DAY, owners=("platform",), reading=reading)
    assert found is not None
    assert stamp(found, path=path, last_review=_DAY, reading=reading) is None
    return found


@pytest.mark.parametrize("data", [_YAML, _TOML, _COMMENT, b"\xef\xbb\xbf" + _YAML, _YAML.replace(b"\n", b"\r\n")])
def test_only_missing_keys_are_added_and_every_other_byte_stays(data: bytes) -> None:
    stamped = _stamped(data)
    spec = parse(stamped, path="x.md", reading=_READING)
    assert spec.declaration is not None
    assert (spec.id, spec.declaration.title, spec.declaration.status) == ("the-cache", "The cache", "implemented")
    assert (spec.declaration.owners, spec.last_review) == (("ann", "bob"), date(2020, 11, 1))
    added = [line for line in stamped.splitlines() if line not in data.splitlines()]
    assert len(added) == 3, added  # two comments, and the id
    assert unstamp(stamped, path="x.md") == data


@pytest.mark.parametrize("reading", [_READING, NATIVE])
def test_file_without_front_matter_gets_one_that_can_be_removed(reading: Reading) -> None:
    data = b"# The cache\n\n<!-- just a comment -->\nText.\n"
    stamped = _stamped(data, reading=reading)
    spec = parse(stamped, path="x.md", reading=reading)
    assert spec.declaration is not None
    assert (spec.declaration.title, spec.declaration.status, spec.declaration.owners, spec.last_review) == (
        "The cache",
        "draft",
        ("platform",),
        _DAY,
    )
    assert unstamp(stamped, path="x.md") == data
    edited = stamped.replace(b"# end of the stamp\n", b"# end of the stamp\nx-team: a\n").replace(b"Text.", b"More.")
    assert unstamp(edited, path="x.md") == b"---\nx-team: a\n---\n" + data.replace(b"Text.", b"More.")


def test_yaml_file_is_stamped_at_its_top() -> None:
    data = b"text: |\n  It MUST hold.\nstatus: done\n"
    reading = Reading(
        settings=FrontMatterSettings(ids=("specs/{id}.yml",), allow=("text",), statuses={"done": "draft"})
    )
    stamped = _stamped(data, path="specs/R1.yml", reading=reading)
    assert stamped.endswith(data)
    assert unstamp(stamped, path="specs/R1.yml") == data


def test_body_of_a_stamped_spec_is_the_body_before() -> None:
    for data in (_YAML, _TOML, _COMMENT):
        before, after = (parse(each, path="specs/a.md", reading=_READING) for each in (data, _stamped(data)))
        assert after.body_digest == before.body_digest


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (_YAML.replace(b"done", b"shipped"), "'shipped'"),
        (_YAML.replace(b"2020/11/01", b"yesterday"), "'yesterday', not a date"),
        (_YAML.replace(b"nav_order", b"nav_ordre"), "unknown key 'nav_ordre'"),
        (_TOML.replace(b'"done"', b"done"), "not valid TOML"),
        (b"+++\na = 1\n", "never closed"),
        (b"---\na: 1\n", "never closed"),
        (b"---\n- a\n---\n", "without keys"),
        (b"<!-- status: done -->\n", "on the line that opens it"),
        (b"\xff\xfe", "not UTF-8"),
    ],
)
def test_what_can_not_be_stamped_is_refused_in_words(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        stamp(data, path="a.md", last_review=_DAY, owners=("ann",), reading=_READING)


def test_file_without_an_owner_is_refused_and_other_files_are_not_unstamped() -> None:
    with pytest.raises(InputError, match="names no owner"):
        stamp(b"# A\n", path="a.md", last_review=_DAY)
    assert unstamp(_YAML, path="a.md") is None


@given(st.text(), st.dictionaries(st.text(min_size=1), st.text() | st.integers() | st.lists(st.text()), max_size=4))
def test_whatever_is_stamped_comes_back(body: str, keys: dict[str, object]) -> None:
    from pytest_orchestrator.codec.yaml import dump_yaml

    data = f"---\n{dump_yaml(keys)}---\n{body}".encode("utf-8", "replace")
    reading = Reading(settings=FrontMatterSettings(allow=("*",)))
    try:
        stamped = stamp(data, path="a.md", last_review=_DAY, owners=("ann",), reading=reading)
    except InputError:
        return
    if stamped is not None:
        assert unstamp(stamped, path="a.md") == data
