"""The files that a project keeps beside its specs."""
