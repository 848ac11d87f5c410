"""What the guard found, in the formats that people and programs read."""
