"""What the form need not ask: every field's proposals, and what is left that only people know.

Nothing here is stored. A value's origin is computed anew each time: it equals a candidate, or
somebody typed it. Candidates come from the file, the standard picked, the Daftar Data, the
profile of the OPD, other fields, the portal, and the version before.
"""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ckanext.satudata.domain.inspection.about import measure_in
from ckanext.satudata.domain.inspection.notes import N_, Message
from ckanext.satudata.domain.intake.candidates import Candidate, Source, same
from ckanext.satudata.domain.intake.due import on_schedule
from ckanext.satudata.domain.intake.periods import STEPS, Period, coverage, day_of
from ckanext.satudata.domain.intake.sheet import File, covered, from_files
from ckanext.satudata.domain.metadata import Gap, completeness
from ckanext.satudata.domain.metadata_derive import (
    Agency,
    Installation,
    area_of,
    as_list,
    derived,
    empty,
    fill,
)

__all__ = ["Facts", "Proposal", "Standard", "applied", "asked", "candidates", "origin", "proposals"]

#: Fields of one edition that move on with its period, where they still say what the last one did.
_TEXTS = ("title", "notes", "referensi_waktu", "version_notes")
_MOVING = frozenset({*_TEXTS, "temporal_coverage", "jadwal_rilis", "version"})
#: Where a standard was picked, what it says of these goes before the sheet.
_OF_STANDARD = frozenset({"konsep", "definisi", "ukuran", "id_sds"})
#: What of an indikator or a kegiatan is said of its data too: field there -> field here.
_SHARED: Mapping[str, Mapping[str, str]] = {
    "indikator": {each: each for each in ("konsep", "definisi", "ukuran", "satuan", "id_sds")},
    "kegiatan": {"cara_pengumpulan_data": "cara_pengumpulan_data",
                 "jenis_statistik": "jenis_statistik", "iv_frekuensi": "frequency",
                 "identitas_rekomendasi": "identitas_rekomendasi"},
}
#: What nearly all data of an OPD say; proposed, never kept unseen.
_USUAL: Mapping[str, str] = {
    "jenis_data": "statistik", "jenis_statistik": "sektoral", "frequency": "tahunan"}
_LIKE_FIELD: Mapping[str, Message] = {
    "notes": Message(N_("mengikuti Definisi")), "ukuran": Message(N_("mengikuti Satuan")),
    "kategori": Message(N_("mengikuti Urusan pemerintahan")),
}
_FOLLOWS: Mapping[str, str] = {"notes": "definisi", "ukuran": "satuan"}
_OF_AGENCY = frozenset({"urusan", "creator"})
#: Words a title opens with that say how the size is expressed -> ukuran.
_MEASURES: Mapping[str, str] = {
    "jumlah": "Jumlah", "banyaknya": "Jumlah", "total": "Jumlah", "persentase": "Persentase",
    "persen": "Persentase", "proporsi": "Persentase", "rata-rata": "Rata-rata",
    "rerata": "Rata-rata", "indeks": "Indeks", "rasio": "Rasio", "skor": "Skor",
}
_SMALL = frozenset({"dan", "di", "ke", "dari", "yang", "untuk", "per", "pada", "oleh", "atau",
                    "dengan"})
_YEAR = re.compile(r"(?<!\d)((?:18|19|20|21)\d\d)(?!\d)")
_VERSION = re.compile(r"((?:19|20|21)\d\d)(?:\.\d{1,3})?")
_ORDER = tuple(Source)


@dataclass(frozen=True)
class Standard:
    """An indikator or kegiatan that the dataset names, as ``package_show`` gives it."""

    kind: str
    title: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Facts:
    """All that is known when a draft is about to be handed in.

    :param dataset: the draft, as ``package_show`` gives it
    :param files: with the reports of their inspections
    :param previous: the version that is public, or the dataset it was copied from
    :param previous_number: of that version
    :param planned: what the Daftar Data says, by field
    """

    dataset: Mapping[str, Any]
    agency: Agency | None = None
    installation: Installation | None = None
    files: Sequence[File] = ()
    standards: Sequence[Standard] = ()
    planned: Mapping[str, Any] = field(default_factory=dict[str, Any])
    previous: Mapping[str, Any] | None = None
    previous_number: int = 0

    @property
    def kind(self) -> str:
        """Its dataset type."""
        return str(self.dataset.get("type") or "dataset")

    @property
    def area(self) -> str:
        """Whose data it is: a desa's are its own, an OPD's are of the whole government."""
        return area_of(self.agency, self.installation)


@dataclass(frozen=True)
class Proposal:
    """A value to put into the draft.

    :param replaces: what stands there now and is the last edition's; ``None`` where it is empty
    """

    field: str
    candidate: Candidate
    replaces: Any = None


def candidates(facts: Facts) -> dict[str, list[Candidate]]:
    """Return the proposals for every field, the surest first."""
    found: dict[str, list[Candidate]] = {}
    for each in _all(facts):
        if not empty(each.value):
            found.setdefault(each.field, []).append(each)
    for name, listed in found.items():
        listed.sort(key=lambda each: -1 if each.moved or (
            each.source is Source.STANDAR and name in _OF_STANDARD)
            else _ORDER.index(each.source))
    return found


def _all(facts: Facts) -> Iterator[Candidate]:
    yield from from_files(facts.files, facts.area)
    yield from _of_standards(facts.standards)
    for name, value in facts.planned.items():
        yield Candidate(name, value, Source.DAFTAR_DATA, Message(N_("dari Daftar Data")))
    yield from _of_previous(facts)
    yield from _derived(facts)
    yield from _of_title(str(facts.dataset.get("title") or ""))
    if facts.kind == "dataset":
        for name, value in _USUAL.items():
            if name == "jenis_statistik" and facts.dataset.get("jenis_data") not in (
                    None, "", "statistik"):
                continue
            yield Candidate(name, value, Source.LAZIM, Message(
                N_("yang paling lazim; ubah bila berbeda")))


def _derived(facts: Facts) -> Iterator[Candidate]:
    for name, value in derived(
            facts.dataset, facts.kind, facts.agency, facts.installation).items():
        if name in _LIKE_FIELD:
            yield Candidate(name, value, Source.ISIAN, _LIKE_FIELD[name])
        elif facts.agency and (name in _OF_AGENCY or value == [facts.agency.area]):
            yield Candidate(name, value, Source.INSTANSI, Message(
                N_("dari profil {name}"), {"name": facts.agency.title or facts.agency.name}))
        else:
            yield Candidate(name, value, Source.PORTAL, Message(N_("dari setelan portal")))


def _of_standards(standards: Sequence[Standard]) -> Iterator[Candidate]:
    for each in standards:
        said = Message(N_("dari indikator {title}") if each.kind == "indikator"
                       else N_("dari kegiatan {title}"), {"title": each.title})
        for there, here in _SHARED.get(each.kind, {}).items():
            written = as_list(each.values.get(there))  # MS-Ind has several konsep
            if len(written) == 1:
                yield Candidate(here, written[0], Source.STANDAR, said)


def _of_title(title: str) -> Iterator[Candidate]:
    said = Message(N_("dari Judul"))
    words = measure_in(title).split()
    while words and words[0].casefold() in _MEASURES:
        yield Candidate("ukuran", _MEASURES[words[0].casefold()], Source.ISIAN, said)
        words = words[1:]
    if words:
        yield Candidate("konsep", " ".join(
            each.lower() if each.casefold() in _SMALL and at else
            each if each.isupper() and not title.isupper() else each[:1].upper() + each[1:].lower()
            for at, each in enumerate(words))[:100], Source.ISIAN, said)


# ----------------------------------------------------------------- the version before


def _of_previous(facts: Facts) -> Iterator[Candidate]:
    if facts.previous is None:
        return
    number = facts.previous_number
    plain = Message(N_("dari versi {number}"), {"number": number}) if number else Message(
        N_("dari versi sebelumnya"))
    before, now = coverage(facts.previous.get("temporal_coverage")), covered(facts.files)
    if before and now and now.end > before.end:
        yield from _moved(facts, before, now, number)
    for name, value in facts.previous.items():
        yield Candidate(name, value, Source.TAHUN_LALU, plain)


def _moved(facts: Facts, before: Period, now: Period, number: int) -> Iterator[Candidate]:
    assert facts.previous is not None
    said = Message(N_("dari versi {number}, dimajukan ke periode berkas ini"), {
        "number": number}) if number else Message(
            N_("dari versi sebelumnya, dimajukan ke periode berkas ini"))
    years = {before.end.year: now.end.year}
    if before.start.year != before.end.year:  # of a series only the years that moved
        years[before.start.year] = now.start.year
    for name in _TEXTS:
        text = facts.previous.get(name)
        if isinstance(text, str):
            moved = _YEAR.sub(lambda each: str(years.get(int(each[1]), each[1])), text)
            if moved != text:
                yield Candidate(name, moved, Source.TAHUN_LALU, said, moved=True)
    version = facts.previous.get("version")
    if (isinstance(version, str) and (found := _VERSION.fullmatch(version.strip()))
            and int(found[1]) == before.end.year != now.end.year):
        more = ".1" if "." in version else ""
        yield Candidate("version", f"{now.end.year}{more}", Source.TAHUN_LALU, said, moved=True)
    step = STEPS.get(str(facts.previous.get("frequency") or ""))
    promised = day_of(facts.previous.get("jadwal_rilis"))
    due = on_schedule(promised, step, now.end) if step and promised else None
    if due not in (None, promised):
        yield Candidate("jadwal_rilis", due.isoformat(), Source.TAHUN_LALU, said, moved=True)


# --------------------------------------------------------------------- what comes of it


def proposals(
    facts: Facts, found: Mapping[str, Sequence[Candidate]], leave: Sequence[str] = ()
) -> list[Proposal]:
    """Return what to put into the draft: where it is empty, and where it is the last edition's.

    What somebody typed is never replaced.

    :param leave: fields to leave as they are
    """
    made: list[Proposal] = []
    for name, listed in found.items():
        stored = facts.dataset.get(name)
        best = listed[0]
        if name in leave or (best.source is Source.TAHUN_LALU and not best.moved
                             and name not in _KEPT):
            continue
        if empty(stored):
            made.append(Proposal(name, best))
        elif _is_old(facts, name, stored) and not same(name, stored, best.value) and (
                best.moved or (best.source is Source.LEMBAR and name == "temporal_coverage"
                               and _moves_on(facts))):
            made.append(Proposal(name, best, stored))
    return made


#: Of the version before an empty field takes these; the rest of it was in the draft from its start.
_KEPT = frozenset({
    "konsep", "definisi", "klasifikasi", "satuan", "ukuran", "tingkat_penyajian", "frequency",
    "jenis_data", "jenis_statistik", "cara_pengumpulan_data", "provenance", "kategori_kip",
    "sifat_angka", "id_kegiatan", "id_indikator", "id_sds", "urusan", "notes",
})


def _is_old(facts: Facts, name: str, stored: Any) -> bool:
    return (facts.previous is not None and name in _MOVING
            and same(name, stored, facts.previous.get(name)))


def _moves_on(facts: Facts) -> bool:
    before = coverage((facts.previous or {}).get("temporal_coverage"))
    now = covered(facts.files)
    return bool(before and now and now.end > before.end)


def applied(facts: Facts, made: Sequence[Proposal]) -> dict[str, Any]:
    """Return the draft as it would be with these proposals, and what follows from them."""
    after = {**facts.dataset, **{each.field: each.candidate.value for each in made}}
    return {**after, **fill(after, facts.kind, facts.agency, facts.installation, facts.dataset,
                            facts.agency)}


def asked(facts: Facts, made: Sequence[Proposal], today: date | None = None) -> list[Gap]:
    """Return what is left to ask before it may be handed in: what nobody but people knows.

    What follows from a field that is asked is not asked beside it.
    """
    gaps = completeness(applied(facts, made), facts.kind, today).blocking
    names = {each.field for each in gaps}
    return [each for each in gaps if _FOLLOWS.get(each.field) not in names]


def origin(
    name: str, value: Any, found: Mapping[str, Sequence[Candidate]]
) -> Candidate | None:
    """Return the candidate a stored value equals; ``None`` where somebody typed it."""
    return next((each for each in found.get(name, ()) if same(name, value, each.value)), None)
