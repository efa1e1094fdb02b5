"""Pemakaian data: how often pages were looked at and files taken, and of nobody who it was."""
