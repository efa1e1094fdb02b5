"""Versions of a dataset: their kinds, and what changed between two of them."""
