"""Work of others that runs unchanged: LibCST commands and Fixit rules, by their dotted names."""
