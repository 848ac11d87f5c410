"""Pins of open-source code: fetched by hash, kept as git trees, checked out for a case, compared afterwards."""
