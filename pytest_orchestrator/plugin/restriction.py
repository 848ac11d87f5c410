"""What stays when a run is restricted to our features: `--spec-guard-only` with `--evaluate-only` is their union."""

from __future__ import annotations

import pytest

KEPT = pytest.StashKey[bool]()
"""Set on items that no `--...-only` option of another feature may drop."""
