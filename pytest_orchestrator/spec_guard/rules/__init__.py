"""The rules, SG001 and its siblings."""
