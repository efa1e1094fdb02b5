"""What was handed in becomes clean tables of a draft, and they follow its corrections."""
