"""What columns are called to the person who made the sheet: as printed there, and by letter.

The clean table has columns the sheet has not (``jenis_kelamin`` for ``L`` and ``P``). Who mends the
sheet looks for what stands on it.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping

from ckanext.satudata.domain.inspection.sheet import cell_name

__all__ = ["spoken"]

#: Columns named one by one; of more the first and the last.
_NAMED = 3
_LONGEST = 60


def spoken(headers: Mapping[int, str], columns: Iterable[int], name: str) -> str:
    """Return the words for columns of the sheet: ``“L”, “P” (C, D)``; ``“2019” … “2025” (B–H)``.

    A header that is the name already, as in files made by programs, needs no more words.

    :param headers: what is printed above each column of the sheet
    :param name: of the clean table, for what stands nowhere on the sheet
    """
    places = sorted({at for at in columns if headers.get(at)})
    if not places or {headers[at] for at in places} == {name}:
        return name
    shown = places if len(places) <= _NAMED else [places[0], places[-1]]
    words = [f"“{_short(headers[at])}”" for at in shown]
    letters = [cell_name(0, at)[:-1] for at in shown]
    if len(shown) < len(places):
        return f"{words[0]} … {words[1]} ({letters[0]}–{letters[1]})"
    return f"{', '.join(words)} ({', '.join(letters)})"


def _short(text: str) -> str:
    # A merged cell stands once on the sheet, however many rows of the header it covers.
    text = " / ".join(dict.fromkeys(text.split(" / ")))
    return text if len(text) <= _LONGEST else text[:_LONGEST - 1].rstrip() + "…"
