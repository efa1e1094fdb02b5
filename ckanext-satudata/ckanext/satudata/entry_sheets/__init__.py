"""Sheets to hand in by: a template, what was pasted, a small grid."""
