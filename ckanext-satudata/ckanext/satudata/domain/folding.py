"""Folding of text for comparison: what a person types against what a list holds."""
from __future__ import annotations

import unicodedata

__all__ = ["fold"]


def fold(text: str) -> str:
    """Return the text in lower case, without diacritics, with single blanks.

    "Héktare " and "hektare" must meet. Compatibility forms are taken apart too
    (``km²`` becomes ``km2``), because officers type what their keyboard has.
    """
    if text.isascii():  # nothing to take apart: nine names of ten
        return " ".join(text.casefold().split())
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(bare.casefold().split())
