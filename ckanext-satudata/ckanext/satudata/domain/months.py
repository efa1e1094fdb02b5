"""Names of months as people and programs write them, Indonesian and English, whole and short."""
from __future__ import annotations

__all__ = ["MONTHS"]

#: Name in lower case -> number.
MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate((
        "januari january jan", "februari february pebruari feb peb febr", "maret march mar mrt",
        "april apr", "mei may", "juni june jun", "juli july jul",
        "agustus august agt agu agts ags agst aug agus agust", "september sep sept",
        "oktober october okt oct", "november nopember nov nop", "desember december des dec"), 1)
    for name in names.split()
}
