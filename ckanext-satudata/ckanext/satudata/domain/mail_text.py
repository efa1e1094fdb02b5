"""Text that may leave the portal by mail: one line for a header, plain words for a note."""
from __future__ import annotations

import re
import unicodedata

__all__ = ["one_line", "plain"]

#: Characters that turn the reading direction round.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LINK = re.compile(r"!?\[([^\[\]]{0,500})\]\([^()\s]{0,1000}\)")
_MARKS = re.compile(r"^[ \t]{0,3}(?:#{1,6}|>|[*+-])[ \t]+", re.MULTILINE)
_TAGS = re.compile(r"<[^<>]{0,500}>")
_IDENTITY_NUMBER = re.compile(r"(?<!\d)\d{16}(?!\d)")


def one_line(text: str, limit: int = 150) -> str:
    """Return a text as one safe line: for a mail's subject and a person's name.

    A title with a line break would add headers of its own to a mail; an override of the
    reading direction would show another title than it is.
    """
    kept = "".join(
        " " if unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} else char
        for char in text[:10_000] if char not in _BIDI
    )
    line = " ".join(kept.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def plain(text: str, limit: int = 500) -> str:
    """Return a note in Markdown as plain text for a mail.

    Links keep their words only: whoever writes a note must not send readers elsewhere in the
    portal's name. Sixteen digits in a row are a NIK or KK more often than a figure (UU 27/2022),
    and a mail cannot be called back: they are struck out.
    """
    bare = _MARKS.sub("", _TAGS.sub("", _LINK.sub(r"\1", text[:20_000])))
    bare = re.sub(r"[*_`~]{2,}|`", "", bare)
    bare = _IDENTITY_NUMBER.sub("█" * 16, bare)
    lines = [one_line(line, 2000) for line in re.split(r"\r\n|\r|\n", bare)]
    joined = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return joined if len(joined) <= limit else joined[: limit - 1].rstrip() + "…"
