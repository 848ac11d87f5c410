"""Slices of a file, which patterns run on, and the scopes of the whole file around them."""
