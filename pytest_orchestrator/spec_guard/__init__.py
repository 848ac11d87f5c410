"""The spec guard: specs, the rules that they must keep, and the changes that concern them."""
