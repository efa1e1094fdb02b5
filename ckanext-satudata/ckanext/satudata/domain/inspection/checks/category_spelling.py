"""One category in several spellings."""
from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

import pyarrow as pa

from ckanext.satudata.domain.folding import fold
from ckanext.satudata.domain.inspection.area_codes import is_area_name
from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.figures import Encoded, encoded, texts
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.table import Role, TidyTable

__all__ = ["CategorySpelling"]

_MOST_LABELS = 20_000
_FEW_LABELS = 60
_LONG = 8
_RARE = 0.1
_BETWEEN = re.compile(r"(?<=[a-z])[\s\-_/.,'’]+(?=[a-z])")
_EDGES = re.compile(r"^[\s.,;:]+|[\s.,;:]+$")


@lru_cache(maxsize=100_000)
def _key(text: str) -> str:
    """Return what spellings of one thing share; signs beside digits tell things apart."""
    return _BETWEEN.sub("", _EDGES.sub("", fold(text).replace("–", "-")))


class CategorySpelling(Check):
    """Differences of case, blanks and dashes, and a slip of a letter in a rare spelling.

    The most frequent spelling is proposed. Names of areas may differ by one letter, so slips are
    only sought among few, long categories.
    """

    code = "category-spelling"
    principle = Principle.STANDAR_DATA
    severity = Severity.SEBAIKNYA
    title = N_("Satu kategori ditulis berbeda-beda")
    template = N_("Baris {row}, kolom {column}: “{value}” dan “{common}” tampak satu kategori.")
    how = N_("Pakai satu tulisan: “{common}”.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        for column in texts(table, Role.WILAYAH, Role.DIMENSI, Role.SATUAN, Role.WAKTU):
            labels = encoded(table, column.name)
            if not len(labels.labels) or len(labels.labels) > max(
                    _FEW_LABELS, min(_MOST_LABELS, 0.5 * len(labels.codes))):
                continue
            areas = column.role is Role.WILAYAH or is_area_name(column.name)
            better = _better(labels, areas)
            if better:
                shown = pa.array([better.get(at) for at in range(len(labels.labels))], pa.string())
                rows = labels.rows(shown.is_valid())
                common = shown.take(pa.array(labels.codes[rows]))
                yield Hits(self, column.name, rows, values={"common": common}, proposed=common)


def _better(labels: Encoded, areas: bool) -> dict[int, str]:
    """Return label -> how it should be written.

    Two villages may be called Pasir Jambu and Pasirjambu: of areas only case and blanks at the
    edges are of no matter.
    """
    by_key: dict[str, list[int]] = defaultdict(list)
    for at, text in enumerate(labels.names):
        if labels.counts[at]:
            by_key[" ".join(text.casefold().split()) if areas else _key(text)].append(at)
    found: dict[int, str] = {}
    heads: list[int] = []
    for same in by_key.values():
        head = max(same, key=lambda at: (labels.counts[at], -at))
        heads.append(head)
        right = " ".join(labels.names[head].split())
        found.update({at: right for at in same if labels.names[at] != right})
    if not areas and len(heads) <= _FEW_LABELS:
        found.update({rare: " ".join(labels.names[right].split())
                      for rare, right in _slips(labels, heads).items()})
    return found


def _slips(labels: Encoded, heads: list[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for rare in heads:
        text = _key(labels.names[rare])
        if len(text) < _LONG or any(letter.isdigit() for letter in text):
            continue
        near = [at for at in heads if labels.counts[rare] <= _RARE * labels.counts[at]
                and _is_slip(text, _key(labels.names[at]))]
        if len(near) == 1:
            found[rare] = near[0]
    return found


def _is_slip(wrong: str, right: str) -> bool:
    """Tell whether one letter is other, missing, too many, or two are swapped."""
    if abs(len(wrong) - len(right)) > 1 or wrong[:1] != right[:1] or wrong == right:
        return False
    head = 0
    while head < min(len(wrong), len(right)) and wrong[head] == right[head]:
        head += 1
    one, other = wrong[head:], right[head:]
    return (one[1:] == other[1:] or one == other[1:] or one[1:] == other
            or (one[:2] == other[1::-1] and one[2:] == other[2:]))
