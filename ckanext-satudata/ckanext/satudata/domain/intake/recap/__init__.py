"""Rekap dari unit: who is asked, who has sent, and one table of all they sent."""
