from __future__ import annotations

from collections.abc import Mapping

import pytest

from pytest_orchestrator.diagnostics import Diagnostic, Range
from pytest_orchestrator.evaluation.run.claims import (
    Digests,
    FalseClaimError,
    check_edits,
    check_locations,
    digest_diagnostics,
    observe,
)
from pytest_orchestrator.pattern_engine.results import ApplyReport, Edited, FileResult, Found, Rejected


def report(*files: FileResult) -> ApplyReport:
    return ApplyReport(files=files, examined=3, seconds=0.1)


def edited(path: str = "a.py", before: str = "1", after: str = "2") -> Edited:
    return Edited(path=path, before_sha256=before, after_sha256=after, patterns=("p",))


def observed(path: str = "a.py", before: str = "1", after: str = "2") -> Mapping[str, Digests]:
    return {path: {"before_sha256": before, "after_sha256": after}}


def finding(path: str = "a.py", line: int = 1, column: int = 1, message: str = "look") -> Diagnostic:
    range_ = Range(start_line=line, start_column=column, end_line=line, end_column=column + 1)
    return Diagnostic(rule="p", severity="warning", message=message, path=path, range=range_)


@pytest.mark.parametrize(
    ("claims", "tree", "expected"),
    [
        ([edited()], {}, "reports an edit of a.py, but the tree does not contain it"),
        ([], observed(), "changed a.py without reporting it"),
        ([edited(after="3")], observed(), "reports another edit of a.py than the one in the tree"),
        ([edited(before="3")], observed(), "reports another edit of a.py than the one in the tree"),
        ([edited(), edited("b.py")], {}, "(and 1 more such files)"),
    ],
)
def test_a_false_claim_is_reported_with_claim_and_observation(
    claims: list[Edited], tree: Mapping[str, Digests], expected: str
) -> None:
    with pytest.raises(FalseClaimError) as caught:
        check_edits("x", report(*claims), tree)
    assert "agent 'x'" in caught.value.message
    assert expected in caught.value.message
    claimed, found = caught.value.details["claimed"], caught.value.details["excerpt"]
    assert claimed["a.py"] == (
        {"before_sha256": claims[0].before_sha256, "after_sha256": claims[0].after_sha256} if claims else None
    )
    assert found["a.py"] == ({"before_sha256": "1", "after_sha256": "2"} if tree else None)


def test_findings_are_in_files_and_lines_that_exist() -> None:
    sources = {"a.py": b"one\ntwo\n"}
    check_locations("x", report(Found(path="a.py", diagnostics=(finding(line=2),))), sources)
    with pytest.raises(FalseClaimError, match=r"found something at a\.py:9, but a\.py has 3 lines"):
        check_locations("x", report(Found(path="a.py", diagnostics=(finding(line=9),))), sources)
    with pytest.raises(FalseClaimError, match=r"found something at b\.py:1"):
        check_locations("x", report(Found(path="a.py", diagnostics=(finding("b.py"),))), sources)
    with pytest.raises(FalseClaimError, match=r"reports on c\.py, which was not selected"):
        check_locations("x", report(Rejected(path="c.py", reason="syntax", message="")), sources)


def test_what_is_observed_does_not_depend_on_the_agents_order() -> None:
    files = (
        Found(path="a.py", diagnostics=(finding(), finding(line=2))),
        Found(path="b.py", diagnostics=(finding("b.py"),)),
        Rejected(path="c.py", reason="syntax", message="no"),
        Rejected(path="d.py", reason="raised", pattern="p", message="no"),
    )
    seen = observe(report(*files), tree="t")
    assert seen == observe(report(*reversed(files)), tree="t")
    assert (seen.found, [item.path for item in seen.rejected], seen.examined) == (3, ["c.py", "d.py"], 3)


def test_the_digest_of_diagnostics_depends_on_location_and_message_but_not_on_order() -> None:
    one, other = finding(), finding(line=2)
    assert digest_diagnostics([one, other]) == digest_diagnostics([other, one])
    changed = {digest_diagnostics([item]) for item in (one, other, finding(column=2), finding(message="x"))}
    assert len(changed) == 4
    assert digest_diagnostics([]) == ""
