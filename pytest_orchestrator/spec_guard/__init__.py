"""Specs, the rules they must keep, and the changes that they must take part in."""
