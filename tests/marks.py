"""A dataset every part of which says which version it is, and what its readers are told.

Title, tag, names, bytes of the file, columns and rows of the tables all carry the mark of one
number, as often in each version, so that one look at an answer tells whether it is whole: it bears
one mark, as many times as it did when all was quiet. Used inside CKAN and over HTTP.
"""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

__all__ = [
    "CUT",
    "FILLED",
    "GONE",
    "LATER",
    "STEADY",
    "Answer",
    "Dataset",
    "Shapes",
    "content",
    "mark",
    "marks",
    "table",
]

_MARK = re.compile(rb"tanda(\d{4})")
#: What the law asks of a dataset that is handed in; the title says the version.
FILLED: Mapping[str, Any] = {
    "urusan": ["1.02"], "license_id": "cc-by", "access_rights": "terbuka",
    "contact": [{"name": "Bidang Data", "email": "data@serangkab.example"}],
    "kode_wilayah": ["36.04"], "konsep": "Kunjungan", "definisi": "Semua kedatangan.",
    "klasifikasi": "Kecamatan", "ukuran": "Jumlah", "satuan": "kunjungan",
    "jenis_data": "statistik", "tingkat_penyajian": "kecamatan", "frequency": "tahunan",
    "temporal_coverage": [{"start": "2025-01-01", "end": "2025-12-31"}],
    "jadwal_rilis": "2025-12-15",  # past: approval plans no release
}


def mark(number: int) -> str:
    """Return what every part of a version says."""
    return f"tanda{number:04d}"


def marks(body: bytes) -> Counter[int]:
    """Return which versions an answer speaks of, and how often."""
    return Counter(int(each) for each in _MARK.findall(body))


def content(number: int) -> dict[str, Any]:
    """Return what a version says of itself beside its files."""
    said = mark(number)
    return {"title": f"Kunjungan {said}", "notes": f"Menurut kecamatan, {said}.",
            "tags": [{"name": said}, {"name": "kunjungan"}]}


def table(number: int, count: int = 3) -> dict[str, Any]:
    """Return columns and rows of a version's table; one column has the version for its name."""
    said = mark(number)
    return {"fields": [{"id": "kecamatan", "type": "text"}, {"id": "nilai", "type": "int"},
                       {"id": said, "type": "text"}],
            "records": [{"kecamatan": f"Kecamatan {each} {said}", "nilai": each, said: said}
                        for each in range(count)]}


class Answer(NamedTuple):
    """What a reader was told."""

    status: int
    headers: Mapping[str, str]
    body: bytes


#: An answer whose connection was closed before its end, which every client notices.
CUT = Answer(0, {}, b"")


@dataclass
class Dataset:
    """The ids that stay through all versions.

    :ivar changing: resource whose file is another in each version
    :ivar steady: resource whose file and table stay
    :ivar table: resource whose table is the data, with an alias
    """

    id: str
    name: str
    changing: str
    steady: str
    table: str
    alias: str

    def places(self) -> dict[str, str]:
        """Return where readers look: a word for each place, and its address."""
        action, dataset = "/api/3/action", f"/dataset/{self.id}"
        search = f"{action}/datastore_search?sort=_id&limit=100&resource_id="
        return {
            "page": f"/dataset/{self.name}",
            "page of a resource": f"{dataset}/resource/{self.table}",
            "package_show": f"{action}/package_show?id={self.name}",
            "resource_show": f"{action}/resource_show?id={self.changing}",
            "resource_show table": f"{action}/resource_show?id={self.table}",
            "package_search": f"{action}/package_search?fq=id:{self.id}",
            "file": f"{dataset}/resource/{self.changing}/download/berkas.csv",
            "datastore_search": search + self.table,
            "datastore_search alias": search + self.alias,
            "datastore_info": f"{action}/datastore_info?id={self.table}",
            "dump": f"/datastore/dump/{self.table}",
            "ttl": f"{dataset}.ttl",
            "jsonld": f"{dataset}.jsonld",
            "national view": f"/nasional{action}/package_show?id={self.id}",
            # What no version changes must not even wait.
            "steady file": f"{dataset}/resource/{self.steady}/download/tetap.csv",
            "steady table": search + self.steady,
        }


#: What may say "come again" while tables change places; everything else always answers.
TABLES = frozenset({"datastore_search", "datastore_search alias", "datastore_info", "dump"})
#: What no version changes.
STEADY = frozenset({"steady file", "steady table"})
#: What :meth:`Shapes.version` says of an answer that is of no version.
LATER, GONE = 0, -1


@dataclass
class Shapes:
    """How often each place says the mark when all is quiet."""

    counts: dict[str, int] = field(default_factory=dict)

    def learn(self, dataset: Dataset, number: int, get: Callable[[str], Answer]) -> None:
        """Look at a quiet portal: every place must speak of this version, and of none else."""
        for place, path in dataset.places().items():
            answer = get(path)
            assert answer.status == 200, (place, answer.status, answer.body[:500])
            found = marks(answer.body)
            assert set(found) == (set() if place in STEADY else {number}), (
                place, number, _around(answer.body))
            self.counts[place] = found[number]

    def version(self, place: str, answer: Answer) -> int | None:
        """Return which version an answer is of.

        :returns: its number; ``LATER`` where it says to come again; ``GONE`` where there is
            nothing to see; ``None`` for what is the same in all versions
        :raises AssertionError: it is of several, of a part of one, or no answer at all
        """
        if answer == CUT and place == "dump":
            return LATER
        found = marks(answer.body)
        if answer.status == 503 and place in TABLES:
            assert answer.headers.get("Retry-After"), f"{place}: 503 without Retry-After"
            assert not found, f"{place}: 503 with {dict(found)}"
            return LATER
        nothing = b'"count": 0' in answer.body or b'"state":"deleted"' in answer.body
        if answer.status in (302, 403, 404, 410) or nothing:
            assert not found, f"{place}: {answer.status} with {dict(found)}"
            return GONE
        assert answer.status == 200, f"{place}: {answer.status} {answer.body[:800]!r}"
        if place in STEADY:
            assert not found, f"{place}: {dict(found)}"
            return None
        assert len(found) == 1, f"{place}: mixed {dict(found)} {_around(answer.body)}"
        number, count = found.most_common(1)[0]
        whole = {self.counts[place]}
        if place == "page of a resource":  # without the columns of a table that is changing places
            whole.add(self.counts[place] - 1)
        assert count in whole, (
            f"{place}: version {number} {count} times, not {self.counts[place]} "
            f"{_around(answer.body)}")
        return number


def _around(body: bytes) -> list[str]:
    """Return where an answer says a mark, for the message of a failure."""
    return [body[max(0, each.start() - 60):each.end() + 20].decode(errors="replace")
            for each in _MARK.finditer(body)]
