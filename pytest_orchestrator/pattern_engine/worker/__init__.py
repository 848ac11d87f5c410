"""What runs in a worker process, with LibCST and the code of patterns."""
