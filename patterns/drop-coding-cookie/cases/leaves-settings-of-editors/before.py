# vim:fileencoding=utf-8
"""Text."""
