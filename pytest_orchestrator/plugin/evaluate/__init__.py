"""`pytest --evaluate`."""
