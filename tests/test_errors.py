from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from pytest_orchestrator.errors import InputError, OrchestratorError, UsageError, require_package
from pytest_orchestrator.evaluation.run.claims import FalseClaimError


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (OrchestratorError("is wrong"), "is wrong"),
        (InputError("is wrong", path="a.md"), "a.md: is wrong"),
        (InputError("is wrong", path="a.md", line=3, fix="mend it"), "a.md:3: is wrong\n  fix: mend it"),
    ],
)
def test_an_error_holds_location_message_and_fix(error: OrchestratorError, text: str) -> None:
    assert str(error) == text


def test_an_error_survives_pickling() -> None:
    error = pickle.loads(pickle.dumps(InputError("is wrong", path="a.md", line=3, fix="mend it")))  # noqa: S301
    assert type(error) is InputError
    assert (error.message, error.path, error.line, error.fix) == ("is wrong", "a.md", 3, "mend it")


def test_a_false_claim_survives_pickling_with_its_details() -> None:
    error = pickle.loads(pickle.dumps(FalseClaimError("is wrong", {"claimed": "a.py"})))  # noqa: S301
    assert type(error) is FalseClaimError
    assert (error.message, error.details) == ("is wrong", {"claimed": "a.py"})


def test_an_error_keeps_no_credentials() -> None:
    url = "https://user:secret@example.org/x?token=secret&page=2"
    error = InputError(f"{url} is not there", fix=f"ask {url}")
    assert str(error) == (
        "https://***@example.org/x?token=***&page=2 is not there\n  fix: ask https://***@example.org/x?token=***&page=2"
    )
    assert "secret" not in repr(error)


def test_an_empty_folder_is_no_installed_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "an_absent_package").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(UsageError, match="'an_absent_package' is not installed"):
        require_package("an_absent_package", extra="mcp")
