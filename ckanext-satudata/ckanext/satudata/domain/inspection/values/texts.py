"""Free text: blanks tidied, nothing else. Names keep the case they were written in."""
from __future__ import annotations

import pyarrow as pa

from ckanext.satudata.domain.inspection.arrow import pc

__all__ = ["BLANKS", "tidied"]

#: Blanks of print and of the web, which trimming leaves standing; RE2 and Python read it alike.
BLANKS = ("[\\s\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\u200b-\u200d\u2060"
          "\ufeff\u0085]")
#: A line break inside a text stays: an address or an answer may have several lines.
_UNTIDY = f"^{BLANKS}|{BLANKS}$|{BLANKS}{{2}}|[^\\S \n]|[\u00a0\u1680\u2000-\u200d\u2028\u2029" \
          "\u202f\u205f\u3000\u2060\ufeff\u0085]|_x000[dD]_"
_IN_LINE = BLANKS.replace("\\s", " \\t\\v\\f\\r")
_ESCAPED = "_x000[dDaA9]_"


def untidy(words: pa.Array) -> pa.Array:
    """Return which texts have blanks to tidy, carriage returns of XML among them."""
    return pc.match_substring_regex(words, _UNTIDY)


def tidied(words: pa.Array) -> tuple[pa.Array, pa.Array | None]:
    """Return the texts with single blanks and none at the edges, and which ones changed."""
    found = untidy(words)
    if not pc.any(found).as_py():
        return words, None
    clean = words.filter(found)
    if pc.any(pc.match_substring(clean, "_x00")).as_py():
        clean = pc.replace_substring_regex(clean, _ESCAPED, " ")
    clean = pc.replace_substring_regex(clean, f"{BLANKS}*\\n{BLANKS}*", "\n")
    clean = pc.replace_substring_regex(clean, f"{_IN_LINE}+", " ")
    clean = pc.utf8_trim(clean, " \n")
    return pc.replace_with_mask(words, found, clean), found
