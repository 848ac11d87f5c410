"""SG018, and as much of Markdown as it needs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_orchestrator.spec_guard.document.markdown import heading_anchors, links, prose_lines, slugify
from tests.spec_guard.project import Project


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("[a](b.md) and ![c](d.png)", ["b.md", "d.png"]),
        ('[a](b.md "title") [a](<b c.md>)', ["b.md", "b c.md"]),
        ("[a](b_(c).md)", ["b_(c).md"]),
        ("[a]: b.md\n[b]: <c.md>", ["b.md", "c.md"]),
        ("`[a](b.md)` ``x ` [a](c.md)``", []),
        ("```\n[a](b.md)\n```\n[a](c.md)", ["c.md"]),
        ("~~~~\n[a](b.md)\n~~~\n~~~~\n[a](c.md)", ["c.md"]),
        ("text\n\n    [a](b.md)\n", []),
        ("- item\n\n    [a](b.md)\n", ["b.md"]),
        ("<!-- [a](b.md)\n[a](c.md) --> [a](d.md)", ["d.md"]),
        ("\\[a](b.md)", []),
        ("[^1]: a footnote", []),
        ("[![badge](b.png)](c.md)", ["c.md"]),
    ],
)
def test_links_are_found_outside_of_code(text: str, targets: list[str]) -> None:
    assert [link.target for link in links(text)] == targets


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("The limits", "the-limits"),
        ("`code` & *words*, twice!", "code--words-twice"),
        ("snake_case", "snake_case"),
        ("[a link](b.md) here", "a-link-here"),
        ("Über uns", "über-uns"),
        ("1.2 Numbers", "12-numbers"),
    ],
)
def test_headings_are_named_as_github_names_them(title: str, slug: str) -> None:
    assert slugify(title) == slug


def test_headings_of_every_kind_have_anchors() -> None:
    text = '# One #\n## Same\n## Same\nSetext\n---\n```\n# Not\n```\n<a id="there"></a>\n####### seven\n'
    assert heading_anchors(text) == {"one", "same", "same-1", "setext", "there"}


@given(st.text(alphabet="`~[]()<>!-# \n\ta", max_size=80))
def test_any_text_keeps_its_lines(text: str) -> None:
    assert [number for number, _ in prose_lines(text)] == list(range(1, text.count("\n") + 2))
    list(links(text))
    heading_anchors(text)


@pytest.mark.parametrize(
    ("target", "dead"),
    [
        ("structlog.processors", False),
        ("{{ base }}/guide.md", False),
        ("{% link guide.md %}", False),
        ("guide.MD", True),
        ("cache.go", True),
        ("LICENSE", True),
        ("a/structlog.processors", True),
    ],
)
def test_target_that_another_tool_resolves_is_no_dead_link(project: Project, target: str, dead: bool) -> None:
    project.with_all_rules()
    project.spec("a", body=f"[x](<{target}>)")
    assert [item.rule for item in project.check().diagnostics] == ["SG018"] * dead


def test_dead_links_are_reported_with_their_line(project: Project) -> None:
    project.with_all_rules()
    project.write("docs/guide.md", "# Guide\n\n## The limits\n")
    body = (
        "[fine](../docs/guide.md#the-limits) [fine](/docs/guide.md) [here](#here) [web](https://example.org/x.md)\n"
        "# Here\n[gone](../docs/gone.md)\n[near](../docs/guide.md#the-limit)\n[out](../../x.md)\n"
    )
    path = project.spec("a", body=body)
    found = project.check().diagnostics
    assert [(item.rule, item.range.start_line) for item in found] == [("SG018", 10), ("SG018", 11), ("SG018", 12)]
    assert "there is no docs/gone.md" in found[0].message
    assert "did you mean 'the-limits'" in found[1].message
    assert "leaves the project" in found[2].message
    text = (project.root / path).read_text().replace("owners:", "relates_to: [a, docs/guide.md, nothing]\nowners:")
    project.write(path, text)
    (found_one,) = [item for item in project.check().diagnostics if "relates_to" in item.message]
    assert "'nothing'" in found_one.message
