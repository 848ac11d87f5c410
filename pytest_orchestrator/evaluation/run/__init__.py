"""Running cases: each on a fresh checkout, through an agent in a process of its own."""
