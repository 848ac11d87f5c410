"""What becomes of one file: its linters, its codemods in turn, and how their results are checked."""
