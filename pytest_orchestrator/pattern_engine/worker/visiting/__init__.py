"""Visits of syntax trees, and the metadata of their nodes, faster than LibCST's own."""
