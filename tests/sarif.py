"""The official schema of SARIF 2.1.0, as the models that datamodel-codegen made of it."""

from __future__ import annotations

from typing import Any

from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Log  # type: ignore[import-untyped]  # annotated, but not marked so


def sarif_log(text: str) -> Any:
    """What `text` holds. Raises pydantic's `ValidationError`, a `ValueError`, when the schema does not allow it."""
    return Log.model_validate_json(text)
