"""Rekap dari unit: one link for each unit, a board of who has sent, one draft of all."""
