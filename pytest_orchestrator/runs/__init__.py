"""The record of a run: a folder with manifest, results and artifacts."""
