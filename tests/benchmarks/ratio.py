"""Comparing two things in one run: interleaved, medians, a ratio; absolute times drift too much to mean anything."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """How long `subject` took, in seconds, against `baseline`; `limit` is the promise, in times the baseline."""

    name: str
    subject_s: float
    baseline_s: float
    limit: float
    unit: str = "ms"
    """What thousandths of the two figures are, when they are no times."""

    @property
    def value(self) -> float:
        """Subject over baseline."""
        return self.subject_s / self.baseline_s

    def __str__(self) -> str:
        verdict = "ok" if self.value <= self.limit else "MISSED"
        times = f"{self.subject_s * 1000:9.1f} {self.unit} / {self.baseline_s * 1000:9.1f} {self.unit}"
        return f"{self.name:58} {times} = {self.value:6.3f}  (at most {self.limit:g}: {verdict})"


def compare(
    name: str, *, subject: Callable[[], object], baseline: Callable[[], object], limit: float, rounds: int
) -> Ratio:
    """Time both in turn, `rounds` times after one warm-up each, the order changing from round to round."""
    subject()
    baseline()
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds):
        order = ((0, subject), (1, baseline)) if number % 2 else ((1, baseline), (0, subject))
        for index, call in order:
            started = time.perf_counter()
            call()
            times[index].append(time.perf_counter() - started)
    return Ratio(name=name, subject_s=statistics.median(times[0]), baseline_s=statistics.median(times[1]), limit=limit)
