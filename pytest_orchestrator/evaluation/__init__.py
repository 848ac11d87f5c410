"""Evaluations: plan cases from scenarios, run them through agents, judge them by gates, record the run."""
