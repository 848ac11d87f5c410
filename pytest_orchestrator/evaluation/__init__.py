"""Scenarios: which patterns, on which pins, through which agents, and the gates that the result must pass."""
