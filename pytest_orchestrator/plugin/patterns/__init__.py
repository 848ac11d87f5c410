"""The cases of patterns as pytest items."""
