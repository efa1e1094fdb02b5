"""Setoran: files as they were handed in, and what becomes of them in a draft."""
