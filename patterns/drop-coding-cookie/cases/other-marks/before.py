# -- encoding: UTF-8 --'
"""Text."""
