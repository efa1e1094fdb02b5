"""A CSV as it is given to a person, who opens it in a spreadsheet.

What is kept is the data as it is: it is compared with the next release and may be published. Only
the copy that leaves the portal gets an apostrophe before what a spreadsheet would run (CSV
injection, OWASP); a number with its sign stays a number.
"""
from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator

__all__ = ["without_formulas"]

_ACTS = re.compile(r"[=@\t\r]|[+\-](?![0-9., ]*$)")
#: Letters of one answer's piece.
_PIECE = 64 * 1024


def without_formulas(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a CSV file (UTF-8, comma) again, no cell of which is a formula."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    for row in csv.reader(_lines(pieces)):
        writer.writerow([f"'{cell}" if _ACTS.match(cell) else cell for cell in row])
        if made.tell() > _PIECE:
            yield made.getvalue().encode()
            made.seek(0)
            made.truncate()
    yield made.getvalue().encode()


def _lines(pieces: Iterable[bytes]) -> Iterator[str]:
    """Yield the lines of a text that comes in pieces, each with its end."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    rest = ""
    for piece in pieces:
        *lines, rest = (rest + decoder.decode(piece)).split("\n")
        for line in lines:
            yield line + "\n"
    if rest:
        yield rest
