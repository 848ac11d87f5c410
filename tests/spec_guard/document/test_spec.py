from __future__ import annotations

from datetime import date

import pytest

from pytest_orchestrator.spec_guard.document.spec import MAX_BYTES, parse

_HEAD = """\
id: 0001-cache
title: Cache
status: approved
owners: [ann]
last_review: 2020-09-01
"""


def _spec(head: str = _HEAD, body: str = "# Cache\n") -> bytes:
    return f"---\n{head}---\n{body}".encode()


def _messages(data: bytes) -> list[str]:
    return [str(problem) for problem in parse(data, path="specs/a.md").problems]


def test_front_matter_and_body_are_read() -> None:
    spec = parse(_spec(_HEAD + "covers: [src/]\nrelates_to: [0002]\nx-team: core\n"), path="specs/a.md")
    assert spec.declaration is None  # 0002 is a number
    spec = parse(_spec(_HEAD + "covers: [src/]\nrelates_to: [0002-x]\nx-team: core\n"), path="specs/a.md")
    assert not spec.problems
    assert spec.declaration is not None
    assert (spec.declaration.id, spec.declaration.covers) == ("0001-cache", ("src/",))
    assert spec.last_review == date(2020, 9, 1)
    assert spec.extra == {"x-team": "core"}
    assert spec.body.strip() == "# Cache"
    assert spec.line("last_review") == 6
    assert spec.line("approvals") == 2


@pytest.mark.parametrize("end", ["---", "...", "---  "])
def test_front_matter_may_end_in_dashes_or_dots(end: str) -> None:
    assert not _messages(f"---\n{_HEAD}{end}\nbody\n".encode())
    assert not _messages(f"---\n{_HEAD}{end}".encode())


def test_bom_and_crlf_are_fine() -> None:
    data = b"\xef\xbb\xbf" + _spec().replace(b"\n", b"\r\n")
    spec = parse(data, path="specs/a.md")
    assert not spec.problems
    assert spec.line("status") == 4


def test_spacing_and_wrapping_are_not_a_change_of_the_text() -> None:
    one, other = parse(_spec(body="a b\n\nc"), path="a"), parse(_spec(body="a\nb c\r\n"), path="a")
    assert one.says_the_same(other)
    assert not one.says_the_same(parse(_spec(body="a b d"), path="a"))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "specs/a.md:1: SG001 has no front matter"),
        (b"# Title\n---\nid: x\n---\n", "specs/a.md:1: SG001 has no front matter"),
        (b"---\nid: x\n", "specs/a.md:1: SG001 has front matter that is opened on line 1 and never closed"),
        (b"---\n- a\n---\n", "specs/a.md:2: SG001 has front matter without keys"),
        (b"---\nid: [\n---\n", "SG001 is not valid YAML"),
        (b"---\nid: a\nid: b\n---\n", "specs/a.md:3: SG001 has the key 'id' twice (first on line 2)"),
        (b"---\na: &x [1]\nb: *x\n---\n", "specs/a.md:3: SG001 uses the alias *x"),
        (b"---\na: !!python/name:os.system\n---\n", "specs/a.md:2: SG001 uses the tag"),
        (b"---\na: " + b"[" * 40 + b"]" * 40 + b"\n---\n", "specs/a.md:2: SG001 is nested deeper than 32 levels"),
        (b"---\nid: x\x00\n---\n", "specs/a.md:2: SG001 is binary"),
        (b"---\nid: x\ntitle: caf\xe9\n---\n", "specs/a.md:3: SG001 is not UTF-8"),
        (b"\xff\xfe-\x00-\x00-\x00", "SG001 is binary"),
        (b"---\na: '" + b"x" * (1 << 20) + b"'\n---\n", "SG001 contains more than 1,048,576 characters"),
        (b"x" * (MAX_BYTES + 1), "SG001 is larger than 10,485,760 bytes"),
    ],
)
def test_unreadable_spec_is_one_problem_with_its_line(data: bytes, message: str) -> None:
    problems = _messages(data)
    assert len(problems) == 1
    assert message in problems[0]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("ownres: [ann]", "specs/a.md:7: SG002 unknown key 'ownres': did you mean 'owners'?"),
        ("covers: src", "specs/a.md:7: SG002 covers: expected list, found 'src'"),
        ("covers: [ok, /abs]", "specs/a.md:7: SG002 covers.1: '/abs' is absolute"),
        ("relates_to: [1]", "specs/a.md:7: SG002 relates_to.0: expected string, found 1"),
    ],
)
def test_front_matter_that_misses_the_schema_names_line_and_key(line: str, message: str) -> None:
    assert message in _messages(_spec(f"{_HEAD}{line}\n"))[0]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("id: 0001-cache", "id: a b", "specs/a.md:2: SG002 id: expected text that matches"),
        ("id: 0001-cache", "id: 12", "specs/a.md:2: SG002 id: expected string, found 12"),
        ("id: 0001-cache\n", "", "specs/a.md:2: SG002 the key 'id' is missing"),
        ("status: approved", "status: done", "specs/a.md:4: SG002 status: expected one of draft, in-review"),
        ("owners: [ann]", "owners: []", "specs/a.md:5: SG002 owners: must not be empty"),
        ("title: Cache", "title: ''", "specs/a.md:3: SG002 title: must not be empty"),
    ],
)
def test_wrong_value_names_line_and_key(old: str, new: str, message: str) -> None:
    assert message in _messages(_spec(_HEAD.replace(old, new)))[0]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("last_review: yesterday", "specs/a.md:6: SG003 last_review is 'yesterday', not a date"),
        ("last_review: 2020-02-30", "specs/a.md:6: SG003 last_review is '2020-02-30', not a date"),
        ("last_review: 20260901", "specs/a.md:6: SG003 last_review is '20260901', not a date"),
        ("last_review:", "specs/a.md:6: SG003 last_review is empty"),
        ("x-other: 1", "specs/a.md:2: SG003 last_review is missing"),
    ],
)
def test_missing_or_malformed_review_date_is_a_rule_of_its_own(value: str, message: str) -> None:
    problems = _messages(_spec(_HEAD.replace("last_review: 2020-09-01", value)))
    assert problems == [message]


def test_all_problems_are_told_at_once() -> None:
    text = "titel: x\nid: a b\nowners: []\ncovers: [/a, ok, '**a']\nteam: y\n"
    found = _messages(_spec(text))
    assert [line.split()[1] for line in found] == ["SG002"] * 7 + ["SG003"]
    for part in ("'titel'", "'team'", "'status' is missing", "id: ", "owners: ", "covers.0", "covers.2"):
        assert sum(part in line for line in found) == 1, part
    assert not any("'title' is missing" in line for line in found)  # it is misspelt
