"""Use cases: one verb a module, each joining the rooms that it needs."""
