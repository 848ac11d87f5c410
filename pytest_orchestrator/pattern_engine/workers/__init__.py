"""The processes that pattern code runs in, and how they are watched."""
