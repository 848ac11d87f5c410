"""Does not even start."""

from __future__ import annotations

import sys

sys.exit("no licence key found")
