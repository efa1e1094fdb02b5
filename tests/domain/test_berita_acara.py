"""The Berita Acara as data: its number, its one spelling, its words, who may do what."""
from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest
from berita_acara_samples import NOTE, confirmation, document, issued, item

from ckanext.satudata.domain import workflow
from ckanext.satudata.domain.berita_acara import document as d
from ckanext.satudata.domain.berita_acara import layout, steps, words
from ckanext.satudata.domain.berita_acara.numbering import Numbering
from ckanext.satudata.domain.berita_acara.tellings import TELLINGS
from ckanext.satudata.domain.errors import FourEyesError, NotAllowedError, StateConflictError
from ckanext.satudata.domain.roles import Actor, Grant, Role

DAY = dt.date(2026, 11, 21)


# Numbers

def test_a_number_is_written_as_the_office_writes_it() -> None:
    assert Numbering("{nomor}/BA-SDI/{bulan}/{tahun}").write(7, DAY) == "007/BA-SDI/XI/2026"
    assert Numbering("B-{tahun}.{nomor}/DKIS").write(1234, DAY) == "B-2026.1234/DKIS"


@pytest.mark.parametrize("pattern", [
    "", "{nomor}/BA", "BA/{tahun}", "{nomor}{nomor}/{tahun}", "{nomor}/{tahun}/{kota}",
    "{nomor.__class__}/{tahun}", "{nomor}/{tahun}/{", "{0}/{nomor}/{tahun}",
    "{nomor}\n{tahun}", "{nomor}/{tahun}" + "x" * 100,
])
def test_a_pattern_that_could_repeat_a_number_or_reach_further_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"nomor|longer"):
        Numbering(pattern)


@pytest.mark.parametrize(("month", "roman"), [
    (1, "I"), (4, "IV"), (5, "V"), (9, "IX"), (10, "X"), (12, "XII")])
def test_months_are_roman(month: int, roman: str) -> None:
    assert f"/{roman}/" in Numbering("{nomor}/{bulan}/{tahun}").write(1, dt.date(2026, month, 1))


# Words

@pytest.mark.parametrize(("number", "text"), [
    (0, "nol"), (1, "satu"), (10, "sepuluh"), (11, "sebelas"), (15, "lima belas"),
    (20, "dua puluh"), (21, "dua puluh satu"), (100, "seratus"), (111, "seratus sebelas"),
    (1000, "seribu"), (1999, "seribu sembilan ratus sembilan puluh sembilan"),
    (2026, "dua ribu dua puluh enam"),
])
def test_numbers_are_spelled(number: int, text: str) -> None:
    assert words.spell(number) == text


@pytest.mark.parametrize("number", [-1, 10_000])
def test_what_no_date_holds_is_not_spelled(number: int) -> None:
    with pytest.raises(ValueError, match="not between"):
        words.spell(number)


def test_a_moment_is_told_by_the_clock_of_the_region() -> None:
    moment = dt.datetime(2026, 11, 20, 17, 5, tzinfo=dt.timezone.utc)
    assert words.clock(moment, "Asia/Jakarta") == "21 November 2026 pukul 00.05 WIB"
    assert words.clock(moment, "Asia/Jayapura") == "21 November 2026 pukul 02.05 WIT"


# Content and hash

def test_the_content_comes_back_as_it_was() -> None:
    whole = issued(notes="Satu.\nDua.", replaces="003/BA-SDI/XI/2026")
    assert d.Document.from_dict(json.loads(json.dumps(whole.to_dict()))) == whole


def test_the_hash_does_not_depend_on_how_the_content_was_stored() -> None:
    content = issued().to_dict()
    shuffled = json.loads(json.dumps(dict(reversed(content.items())), indent=2))
    assert d.digest(shuffled) == d.digest(content)
    assert d.canonical(shuffled).decode().startswith('{"agency":{')


@pytest.mark.parametrize("change", [
    {"number": "008/BA-SDI/XI/2026"}, {"place": "Aula"}, {"deadline": None}, {"notes": "x"},
    {"items": (item(1),)}, {"attendees": ()}, {"basis": (*d.BASIS, "Perbup")},
])
def test_any_change_changes_the_hash(change: dict[str, object]) -> None:
    assert d.digest(replace(issued(), **change).to_dict()) != d.digest(issued().to_dict())


def test_text_no_document_can_hold_is_made_plain() -> None:
    content = document(place="Aula\x00\x07 e\u0301\ud800", notes="a\r\nb\u2028c\td").to_dict()
    assert content["place"] == "Aula é\ufffd"
    assert content["notes"] == "a\nb\nc d"
    assert d.canonical(content)


def test_a_content_of_another_schema_is_not_guessed_at() -> None:
    with pytest.raises(ValueError, match="satudata-berita-acara/1"):
        d.Document.from_dict({**issued().to_dict(), "schema": "satudata-berita-acara/9"})


def test_every_state_of_the_workflow_has_its_result() -> None:
    results = {state.value: d.result_of(state.value) for state in workflow.State}
    accepted = {"disetujui", "diperiksa_pembina", "terbit", "digantikan"}
    assert {s for s, r in results.items() if r is d.Result.DITERIMA} == accepted
    assert {s for s, r in results.items() if r is d.Result.DIPERBAIKI} == {"dikembalikan"}


# Layout

def texts(document: d.Document) -> str:
    """Return everything the body says, in order."""
    found: list[str] = []
    for block in layout.blocks(document):
        if isinstance(block, layout.Grid):
            found += [c.title for c in block.columns]
            found += [part for row in block.rows for cell in row for part in (
                cell.strong, cell.text)]
        elif isinstance(block, layout.Numbered):
            found += block.items
        else:
            found.append(block.text)
    return "\n".join(found)


def test_the_body_names_both_sides_the_day_and_the_law() -> None:
    body = texts(issued(basis=(*d.BASIS, "Peraturan Bupati Serang Nomor 12 Tahun 2024")))
    assert "Pada hari Selasa, tanggal tujuh belas bulan November tahun dua ribu dua puluh enam" in (
        body)
    assert "Dinas Kesehatan sebagai Produsen Data" in body
    assert "sebagai Walidata Pemerintah Kabupaten Serang" in body
    assert "Nomor 39 Tahun 2019" in body and "Pasal 34 dan Pasal 35" in body
    assert "Peraturan Bupati Serang Nomor 12 Tahun 2024" in body


def test_each_dataset_stands_in_the_part_of_its_result() -> None:
    body = texts(issued())
    parts = body[body.index("A. Diterima"):]
    order = [parts.index(text) for text in (
        "A. Diterima", "kecamatan 1", "B. Perlu diperbaiki", "kecamatan 2", "Wajib diperbaiki",
        NOTE.message, "4 Desember 2026", "C. Belum diputuskan", "kecamatan 3",
        "Menunggu pemeriksaan")]
    assert order == sorted(order)
    assert "Dari 3 data yang dibahas, 1 diterima, 1 perlu diperbaiki, dan 1 belum" in body
    assert ("mengirimnya kembali untuk diperiksa di portal paling lambat Jumat, 4 Desember 2026"
            in body)


def test_parts_without_a_dataset_and_empty_notes_are_left_out() -> None:
    body = texts(issued(item(1), attendees=()))
    assert not any(word in body for word in ("B. Perlu", "Belum diputuskan\n", "Hadir",
                                             "Catatan lain", "paling lambat"))


def test_the_parts_that_are_there_count_from_a_without_a_gap() -> None:
    mended = texts(issued(item(1, "dikembalikan", notes=(NOTE,))))
    assert "A. Perlu diperbaiki" in mended and "pada bagian A sesuai" in mended
    both = texts(issued(item(1), item(2, "diajukan")))
    assert "A. Diterima" in both and "B. Belum diputuskan" in both


def test_every_catatan_has_its_row() -> None:
    notes = tuple(replace(NOTE, message=f"Catatan ke-{n}.") for n in range(40))
    (grid,) = (b for b in layout.blocks(issued(item(1, "dikembalikan", notes=notes), attendees=()))
               if isinstance(b, layout.Grid))
    assert len(grid.rows) == 40
    assert [row[0].text for row in grid.rows] == ["1", *[""] * 39]


def test_the_signatures_say_who_confirmed_when() -> None:
    first, second = layout.signatures(issued(), [confirmation("opd", name="Budi")])
    assert (first.side, first.name) == ("walidata", "")
    assert (second.name, second.office, second.at) == (
        "Budi", "Kepala Bidang", "21 November 2026 pukul 10.32 WIB")


def test_a_draft_says_that_it_is_one() -> None:
    assert "belum bernomor" in layout.head(document()).number
    assert layout.head(issued()).number == "Nomor 007/BA-SDI/XI/2026"


# Steps

ORG, OTHER = "org-dinkes", "org-dishub"
WALI = Actor("w1", "Wali", (Grant(Role.WALIDATA),))
PENDUKUNG = Actor("w2", "Pendukung", (Grant(Role.WALIDATA_PENDUKUNG, ORG),))
OFFICER = Actor("o1", "Petugas", (Grant(Role.PRODUSEN_DATA, ORG),))
HEAD = Actor("o2", "Pejabat", (Grant(Role.ANGGOTA, ORG), Grant(Role.PEJABAT_PENGELOLA_DATA, ORG)))
BOTH = Actor("b1", "Rangkap", (Grant(Role.WALIDATA), Grant(Role.PRODUSEN_DATA, ORG)))
ROOT = Actor("r1", "Sysadmin", sysadmin=True)
OUTSIDERS = (
    Actor(""), Actor("x1", grants=(Grant(Role.PRODUSEN_DATA, OTHER),)),
    Actor("x2", grants=(Grant(Role.ANGGOTA, ORG),)), Actor("x3", grants=(Grant(Role.PIMPINAN),)),
    Actor("x4", grants=(Grant(Role.WALIDATA_PENDUKUNG, OTHER),)),
    Actor("x5", grants=(Grant(Role.PEMBINA_DATA, "statistik"),)),
    Actor("x6", grants=(Grant(Role.KOORDINATOR_FORUM),)),
)
WALIDATA, OPD = steps.Side.WALIDATA, steps.Side.OPD
S = steps.State


def facts(state: S = S.MENUNGGU, **confirmed: str) -> steps.Facts:
    return steps.Facts(state, ORG, "w1", {steps.Side(side): who for side, who in confirmed.items()})


def test_both_sides_by_different_people_make_it_valid() -> None:
    assert steps.decide(facts(), "konfirmasi", OFFICER) == (S.MENUNGGU, OPD)
    assert steps.decide(facts(opd="o1"), "konfirmasi", WALI) == (S.SAH, WALIDATA)
    assert steps.decide(facts(walidata="w1"), "konfirmasi", HEAD) == (S.SAH, OPD)
    assert steps.decide(facts(opd="o1"), "konfirmasi", PENDUKUNG) == (S.SAH, WALIDATA)


def test_one_person_never_confirms_for_both() -> None:
    with pytest.raises(FourEyesError):
        steps.decide(facts(walidata="b1"), "konfirmasi", BOTH)
    with pytest.raises(FourEyesError):
        steps.decide(facts(opd="b1"), "konfirmasi", BOTH, WALIDATA)


def test_whoever_prepared_it_does_not_confirm_for_the_opd() -> None:
    prepared = replace(facts(), created_by="b1")
    with pytest.raises(FourEyesError):
        steps.decide(prepared, "konfirmasi", BOTH, OPD)
    assert steps.decide(prepared, "konfirmasi", BOTH) == (S.MENUNGGU, WALIDATA)


def test_a_side_confirms_once() -> None:
    with pytest.raises(StateConflictError):
        steps.decide(facts(opd="o1"), "konfirmasi", HEAD)


def test_a_sysadmin_signs_for_nobody() -> None:
    with pytest.raises(NotAllowedError):
        steps.decide(facts(), "konfirmasi", ROOT)
    assert steps.decide(facts(S.DRAF), "batalkan", ROOT)[0] is S.DIBATALKAN


@pytest.mark.parametrize("name", steps.STEPS)
@pytest.mark.parametrize("actor", OUTSIDERS, ids=lambda actor: actor.id or "nobody")
@pytest.mark.parametrize("state", S)
def test_outsiders_may_do_nothing_and_learn_no_state(name: str, actor: Actor, state: S) -> None:
    with pytest.raises(NotAllowedError):
        steps.decide(facts(state), name, actor)


@pytest.mark.parametrize("name", steps.STEPS)
@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("actor", [WALI, OFFICER], ids=["walidata", "opd"])
def test_every_step_only_in_its_states_and_by_its_side(name: str, state: S, actor: Actor) -> None:
    step = steps.STEPS[name]
    if not steps.sides_of(actor, ORG) & step.sides:
        with pytest.raises(NotAllowedError):
            steps.decide(facts(state), name, actor)
    elif state not in step.sources:
        with pytest.raises(StateConflictError):
            steps.decide(facts(state), name, actor)
    else:
        assert steps.decide(facts(state), name, actor)[0] in {step.target, S.MENUNGGU}


def test_what_is_valid_refused_or_cancelled_stays_so() -> None:
    final = {S.SAH, S.DITOLAK, S.DIBATALKAN}
    assert not any(step.sources & final for step in steps.STEPS.values())


# Who hears

def test_every_step_after_the_draft_is_told_to_the_side_it_concerns() -> None:
    told = {(name, state) for name, state, _ in TELLINGS}
    assert told == {("terbitkan", S.MENUNGGU), ("konfirmasi", S.MENUNGGU), ("konfirmasi", S.SAH),
                    ("tolak", S.DITOLAK)}
    for (name, state, side), telling in TELLINGS.items():
        assert state is steps.STEPS[name].target or state is S.MENUNGGU
        assert side in steps.Side
        for text in (telling.headline, telling.text):
            assert text.format(nomor="1", instansi="Dinas") != text
