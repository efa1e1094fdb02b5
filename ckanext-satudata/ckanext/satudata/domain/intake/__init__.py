"""Rules of handing in: templates, links, recaps, what need not be typed."""
