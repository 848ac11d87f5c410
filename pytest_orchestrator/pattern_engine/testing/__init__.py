"""A pattern's cases and their checks, and the mutants that its cases must notice."""
