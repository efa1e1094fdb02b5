"""What a sheet shows beside its values; plain data, found before anything heavy is loaded."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ckanext.satudata.domain.inspection.notes import N_, Message, RefusedFile

__all__ = ["Look", "hidden_sheets", "no_cells"]


@dataclass
class Look:
    """What a sheet shows beside its values.

    :ivar errors: error cells; ``uncomputed``: cells whose formula has no result
    :ivar merged: top, left, bottom, right; ``None`` where the reader of values tells them
    """

    hidden_rows: set[int] = field(default_factory=set[int])
    hidden_columns: set[int] = field(default_factory=set[int])
    formats: dict[tuple[int, int], str] = field(default_factory=dict[tuple[int, int], str])
    errors: dict[tuple[int, int], str] = field(default_factory=dict[tuple[int, int], str])
    uncomputed: list[str] = field(default_factory=list[str])
    merged: list[tuple[int, int, int, int]] | None = None


def hidden_sheets(names: Sequence[str]) -> list[Message]:
    """Say which sheets nobody sees, and so are not read."""
    if not names:
        return []
    return [Message(N_("Lembar tersembunyi tidak dibaca: {sheets}."),
                    {"sheets": ", ".join(names)[:300]})]


def no_cells() -> RefusedFile:
    """A workbook without any cell."""
    return RefusedFile("empty", N_(
        "Buku kerja ini tidak berisi sel apa pun. Periksa berkas di komputer Anda, lalu unggah "
        "lagi."))
