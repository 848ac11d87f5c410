"""The record of a run: manifest, results, artifacts, in a folder that can be read without us."""
