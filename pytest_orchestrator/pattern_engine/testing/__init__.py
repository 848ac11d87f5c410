"""Checks of a pattern's cases, and the mutants of its code that the cases must notice."""
