"""`make bench`: run every benchmark beside this file, print its ratios, and exit 1 when a promise is missed."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path


def main(chosen: list[str]) -> int:
    """Run the benchmarks whose names are in `chosen` (all when empty): `bench_spec_check` is named `spec_check`."""
    missed = 0
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        name = path.stem.removeprefix("bench_")
        if chosen and name not in chosen:
            continue
        for ratio in importlib.import_module(path.stem).ratios():
            sys.stdout.write(f"{ratio}\n")
            sys.stdout.flush()
            missed += ratio.value > ratio.limit
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
