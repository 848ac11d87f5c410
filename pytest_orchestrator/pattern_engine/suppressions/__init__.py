"""Comments that silence patterns."""
