"""What one call to the server may use, and how it reports."""

PROGRESS_INTERVAL_S = 0.1
"""Between two progress notifications."""

STOP_TIMEOUT_S = 10.0
"""From a signal or the end of the input to the end of the process, whatever still runs."""

MAX_TEXT_BYTES = 1 << 20
"""A text of a pattern that is served, e.g. its README."""
