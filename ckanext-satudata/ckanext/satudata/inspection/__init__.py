"""Inspection of uploaded files: what is wrong in them, and how officers correct their reading."""
