"""The gates that a result must pass, and the verdict."""
