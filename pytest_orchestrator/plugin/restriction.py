"""Runs that are restricted to one feature: `--spec-guard-only` together with `--evaluate-only` runs both."""

from __future__ import annotations

import pytest

KEEP_WITH_ONLY = pytest.StashKey[bool]()
"""Set on the items that the `--...-only` option of another feature must not drop."""
