# The text below is in the well known coding: utf-8, we hope.
"""Text."""
