"""How a tree is walked for patterns, and what is known of its nodes."""
