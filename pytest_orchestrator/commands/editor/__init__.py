"""What an editor asks of patterns and of the spec guard, about texts that need not be saved."""
