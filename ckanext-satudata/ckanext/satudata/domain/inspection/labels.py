"""Names of rows that carry their own number: ``1. Pesisir Selatan``, ``2. Solok``."""
from __future__ import annotations

import itertools

import pyarrow as pa

from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.notes import N_
from ckanext.satudata.domain.inspection.sheet import Span, range_name
from ckanext.satudata.domain.inspection.work import Work

__all__ = ["unnumber"]

_NUMBERED = r"^\s*(?P<number>\d{1,3})\s*[.)]\s*(?P<name>[^\s\d].*)$"
_MOST = 5_000


def unnumber(work: Work) -> None:
    """Leave the number of a row out of its name, where every name has one and they count up.

    They may begin at 1 again for each group. ``1. SD`` in some rows alone is a name.
    """
    if "nomor" in work.recipe.off or not 2 < len(work.rows) <= _MOST:
        return
    for item in work.items:
        if not pa.types.is_string(item.values.type) or item.at < 0:
            continue
        taken = pc.extract_regex(item.values, _NUMBERED)
        if taken.null_count:
            continue
        numbers = [int(each["number"]) for each in taken.to_pylist()]
        if numbers[0] != 1 or any(after != before + 1 and (after != 1 or before == 1)
                                  for before, after in itertools.pairwise(numbers)):
            continue
        before = item.values[0].as_py()
        item.values = taken.field("name")
        work.change("nomor", range_name(Span(
            int(work.rows[0]), item.at, int(work.rows[-1]), item.at)),
            N_("Nomor urut di depan nama dibuang: {before} menjadi {after}."),
            N_("Isinya hanya 1, 2, 3, ... menurut urutan baris."), count=len(numbers),
            before=before, after=item.values[0].as_py())
