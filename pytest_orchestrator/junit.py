"""JUnit's XML, the format in which CI services read test results. Values in, text out.

There is no standard; this is the part that Jenkins, GitLab and Azure read alike:
https://github.com/testmoapp/junitxml.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape, quoteattr


@dataclass(frozen=True, kw_only=True)
class JunitCase:
    """One test case. A `passed` one may have a `text`, which is shown as its output."""

    group: str
    """What it belongs to, such as a file; `classname` in the XML."""
    name: str
    outcome: Literal["passed", "failure", "error"] = "passed"
    message: str = ""
    text: str = ""


def render_junit(suite: str, cases: Iterable[JunitCase]) -> str:
    """The suite as XML, with a newline at its end. What XML 1.0 can't hold is escaped."""
    listed = tuple(cases)
    failures, errors = (sum(case.outcome == kind for case in listed) for kind in ("failure", "error"))
    head = (
        f'<testsuite name={_attribute(suite)} tests="{len(listed)}" failures="{failures}" '
        f'errors="{errors}" skipped="0">'
    )
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<testsuites>", head, *_cases(listed), "</testsuite>"]
    return "\n".join([*lines, "</testsuites>", ""])


def _cases(cases: Iterable[JunitCase]) -> Iterator[str]:
    for case in cases:
        head = f"<testcase classname={_attribute(case.group)} name={_attribute(case.name)}"
        if case.outcome != "passed":
            kind = f"{case.outcome} message={_attribute(case.message)} type={_attribute(case.name)}"
            yield f"{head}><{kind}>{_xml(case.text)}</{case.outcome}></testcase>"
        elif case.text:
            yield f"{head}><system-out>{_xml(case.text)}</system-out></testcase>"
        else:
            yield f"{head}/>"


def _attribute(text: str) -> str:
    return quoteattr(_allowed(text))


def _xml(text: str) -> str:
    return escape(_allowed(text))


def _allowed(text: str) -> str:
    """`text` with characters that XML 1.0 cannot hold as escapes."""
    plain = text.encode("utf-8", "backslashreplace").decode()
    return "".join(
        char if char in "\t\n" or (char >= " " and char not in "\ufffe\uffff") else repr(char)[1:-1] for char in plain
    )
