"""Who reviewed what, and what has changed since."""
