"""Kirim data: the first and the last step of handing in, and what need not be typed."""
