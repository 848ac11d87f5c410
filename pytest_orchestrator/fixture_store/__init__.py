"""Pins of open-source code: fetched by hash, stored as git trees, checked out and compared."""
