"""Tautan setor: links by which somebody hands in a file without an account."""
