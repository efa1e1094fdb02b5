"""What a walidata may change of a list, what is refused and how to mend it, and what is kept."""
from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.inspection.wording import unit_code
from ckanext.satudata.domain.vocabulary import COLUMNS, Vocabulary, concept_of, row_of
from ckanext.satudata.domain.vocabulary_changes.changes import (
    ChangeSet,
    Effect,
    changes_between,
    replay,
    reversed_rows,
)
from ckanext.satudata.domain.vocabulary_changes.cleaning import (
    cleaned,
    code_problem,
    name_problem,
)
from ckanext.satudata.domain.vocabulary_changes.policy import Editing, policy, reason
from ckanext.satudata.domain.vocabulary_changes.proposing import GivenRow, Proposal, propose

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 3, tzinfo=timezone.utc)


def a_list(*rows: dict[str, str]) -> Vocabulary:
    return Vocabulary("pasar", "Jenis pasar", "Kinds of market", "", {
        each["kode"]: concept_of({"label_id": each["kode"].title(), **each}) for each in rows})


#: Three in force, one retired.
PASAR = a_list(
    {"kode": "rakyat", "label_en": "People's", "alias": "pasar tradisional"},
    {"kode": "modern", "notasi": "M"},
    {"kode": "hewan", "induk": "rakyat"},
    {"kode": "inpres", "berlaku_sampai": "2014-12-31", "pengganti": "rakyat"},
)


def proposed(*rows: dict[str, str], of: Vocabulary = PASAR, editing: Editing = Editing.ISI,
             retire_absent: bool = False) -> Proposal:
    return propose(of, [GivenRow(place, each) for place, each in enumerate(rows, 2)], editing,
                   TODAY, retire_absent)


def kept(proposal: Proposal, of: Vocabulary, number: int = 1) -> ChangeSet:
    return ChangeSet(number, NOW + timedelta(minutes=number), proposal.changes)


# ------------------------------------------------------------------------------ what would change
def test_a_file_says_what_is_new_changed_retired_and_as_it_was() -> None:
    found = proposed(
        {"kode": "terapung", "label_id": "Terapung"},
        {"kode": "rakyat", "label_id": "Rakyat", "keterangan": "Dikelola pemda"},
        {"kode": "hewan", "berlaku_sampai": "31/12/2026", "pengganti": "terapung"},
        {"kode": "modern", "label_id": "Modern", "notasi": "M"},
    )
    assert [each.code for each in found.of(Effect.NEW)] == ["terapung"]
    assert [(each.code, each.before, each.after) for each in found.of(Effect.CHANGED)] == [
        ("rakyat", {"keterangan": ""}, {"keterangan": "Dikelola pemda"})]
    assert [(each.code, each.after["berlaku_sampai"]) for each in found.of(Effect.RETIRED)] == [
        ("hewan", "2026-12-31")]
    assert found.unchanged == ("modern",) and found.refused == () and found.absent == ()


def test_what_a_file_does_not_name_stays_unless_it_is_asked_for() -> None:
    rows = ({"kode": "rakyat"}, {"kode": "modern"})
    assert proposed(*rows).absent == ("hewan",) and proposed(*rows).changes == ()
    gone = proposed(*rows, retire_absent=True)
    assert [(each.code, each.after) for each in gone.changes] == [
        ("hewan", {"berlaku_sampai": "2026-11-22"})]
    # What is named and refused is not absent.
    wrong = proposed(*rows, {"kode": "hewan", "induk": "tidak_ada"}, retire_absent=True)
    assert wrong.changes == () and wrong.refused[0].field == "induk"


REFUSED = [
    ("a code that cannot stand in an address", {"kode": "Pasar Ikan", "label_id": "Ikan"}, "kode",
     "pasar_ikan"),
    ("a code that is a page", {"kode": "ubah", "label_id": "Ubah"}, "kode", "alamat halaman"),
    ("a code that asks for a form", {"kode": "a.json", "label_id": "A"}, "kode", ".json"),
    ("no code", {"kode": " ", "label_id": "A"}, "kode", "Isi kodenya"),
    ("no name", {"kode": "ikan", "label_id": " "}, "label_id", "Isi namanya"),
    ("a name of another", {"kode": "ikan", "label_id": "Modern"}, "label_id", "“modern”"),
    ("a name of another in other letters", {"kode": "ikan", "label_id": "MODÉRN"}, "label_id",
     "“modern”"),
    ("a spelling of another", {"kode": "ikan", "label_id": "pasar tradisional"}, "label_id",
     "“rakyat”"),
    ("a sign of another", {"kode": "ikan", "label_id": "Ikan", "notasi": "M"}, "notasi",
     "“modern”"),
    ("an English name of another", {"kode": "ikan", "label_id": "Ikan", "label_en": "People's"},
     "label_en", "“rakyat”"),
    ("a parent that is not there", {"kode": "ikan", "label_id": "Ikan", "induk": "laut"}, "induk",
     "laut"),
    ("a parent that is a name", {"kode": "ikan", "label_id": "Ikan", "induk": "Pasar Rakyat"},
     "induk", "bukan namanya"),
    ("its own parent", {"kode": "rakyat", "induk": "rakyat"}, "induk", "dirinya"),
    ("a circle", {"kode": "rakyat", "induk": "hewan"}, "induk", "hewan"),
    ("a successor of what goes on", {"kode": "modern", "pengganti": "rakyat"}, "pengganti",
     "Berlaku sampai"),
    ("an end before the beginning", {"kode": "modern", "berlaku_sejak": "2026-01-02",
                                     "berlaku_sampai": "2026-01-01"}, "berlaku_sampai",
     "2026-01-02"),
    ("no day", {"kode": "modern", "berlaku_sampai": "besok"}, "berlaku_sampai", "2026-12-31"),
    ("a day that is none", {"kode": "modern", "berlaku_sampai": "2026-02-30"}, "berlaku_sampai",
     "2026-02-30"),
    ("a year out of all sense", {"kode": "modern", "berlaku_sampai": "0026-01-01"},
     "berlaku_sampai", "1900"),
    ("another meaning for a code that is over", {"kode": "inpres", "label_id": "Swasta",
                                                 "berlaku_sampai": ""}, "label_id", "“Inpres”"),
    ("a formula", {"kode": "ikan", "label_id": "=cmd|' /C calc'!A0"}, "label_id", "rumus"),
    ("a formula with a sign", {"kode": "ikan", "label_id": "Ikan", "keterangan": "+A1(2)"},
     "keterangan", "rumus"),
    ("a formula among spellings", {"kode": "ikan", "label_id": "Ikan", "alias": "a|@SUM(A1)"},
     "alias", "rumus"),
    ("a sign nobody sees", {"kode": "ikan", "label_id": "I\x00kan"}, "label_id", "tidak tampak"),
    ("a name without end", {"kode": "ikan", "label_id": "i" * 201}, "label_id", "200"),
    ("an address that is none", {"kode": "ikan", "label_id": "Ikan", "iri": "javascript:alert(1)"},
     "iri", "https://"),
    ("spellings without end", {"kode": "ikan", "label_id": "Ikan",
                               "alias": "|".join(map(str, range(31)))}, "alias", "30"),
]


@pytest.mark.parametrize(("row", "field", "said"), [each[1:] for each in REFUSED],
                         ids=[each[0] for each in REFUSED])
def test_what_is_refused_says_where_and_how_to_mend_it(
    row: dict[str, str], field: str, said: str
) -> None:
    found = proposed(row)
    assert found.changes == ()
    assert [(each.place, each.field) for each in found.refused] == [(2, field)]
    assert said in found.refused[0].why.text()


def test_one_code_stands_in_one_row() -> None:
    found = proposed({"kode": "ikan", "label_id": "Ikan"}, {"kode": "ikan", "label_id": "Ikan 2"})
    assert [each.code for each in found.changes] == ["ikan"]
    assert "baris 2" in found.refused[0].why.text() and found.refused[0].place == 3


def test_of_two_that_take_one_name_the_later_is_refused_and_two_may_swap_names() -> None:
    two = proposed({"kode": "a", "label_id": "Ikan"}, {"kode": "b", "label_id": "Ikan"})
    assert ([each.code for each in two.changes], two.refused[0].code) == (["a"], "b")
    swapped = proposed({"kode": "rakyat", "label_id": "Modern"},
                       {"kode": "modern", "label_id": "Rakyat"})
    assert len(swapped.changes) == 2 and not swapped.refused


def test_a_name_is_free_again_when_the_code_that_had_it_is_over() -> None:
    row = {"kode": "inpres_baru", "label_id": "Inpres"}
    assert proposed(row).refused[0].field == "label_id"  # it would have meant two until 2014
    assert proposed({**row, "berlaku_sejak": "2015-01-01"}).refused == ()


def test_what_hangs_on_a_refused_row_is_refused_with_it_however_deep() -> None:
    rows = [{"kode": "p0", "label_id": "P0", "induk": "tidak_ada"}, *(
        {"kode": f"p{n}", "label_id": f"P{n}", "induk": f"p{n - 1}"} for n in range(1, 3000))]
    found = proposed(*rows, {"kode": "ikan", "label_id": "Ikan"})
    assert [each.code for each in found.changes] == ["ikan"]
    assert len(found.refused) == 3000


def test_a_list_has_an_end() -> None:
    found = proposed(*({"kode": f"k{n}", "label_id": f"K{n}"} for n in range(20_001)))
    assert len(found.changes) == 20_000 - len(PASAR)
    assert {each.why.values["batas"] for each in found.refused} == {20_000}


def test_what_should_be_looked_at_twice_is_said_and_allowed() -> None:
    found = proposed(
        {"kode": "modern", "label_id": "Swalayan"},
        {"kode": "rakyat", "berlaku_sampai": "2026-12-31", "pengganti": "swasta"},
        {"kode": "swasta", "label_id": "Swasta", "berlaku_sampai": "2026-12-31"},
        {"kode": "inpres", "berlaku_sampai": "2026-12-31"},
    )
    said = {(code, message.text()[:30]) for code, message in found.advice}
    assert len(found.changes) == 4 and not found.refused
    assert {code for code, _ in said} == {"modern", "rakyat", "inpres"}
    assert any("arti" in message.text() for code, message in found.advice if code == "modern")
    assert sum(code == "rakyat" for code, _ in said) == 2  # a child, and a successor that ends
    nearer = proposed({"kode": "modern", "label_id": "Pasar modern"})
    assert nearer.advice == ()


@pytest.mark.parametrize(("editing", "row", "taken"), [
    (Editing.TETAP, {"kode": "rakyat", "keterangan": "x"}, False),
    (Editing.SEBUTAN, {"kode": "rakyat", "keterangan": "x"}, True),
    (Editing.SEBUTAN, {"kode": "rakyat", "alias": "pasar desa"}, True),
    (Editing.SEBUTAN, {"kode": "rakyat", "iri": "https://example.org/x"}, False),
    (Editing.SEBUTAN, {"kode": "rakyat", "berlaku_sampai": "2026-12-31"}, False),
    (Editing.SEBUTAN, {"kode": "ikan", "label_id": "Ikan"}, False),
    (Editing.ISI, {"kode": "ikan", "label_id": "Ikan"}, True),
])
def test_a_list_is_edited_as_far_as_its_policy_says(
    editing: Editing, row: dict[str, str], taken: bool
) -> None:
    found = proposed(row, editing=editing)
    assert (len(found.changes), len(found.refused)) == ((1, 0) if taken else (0, 1))


def test_every_delivered_list_says_what_may_be_edited_and_why() -> None:
    assert {policy(name) for name in vocabulary.delivered_names()} == set(Editing)
    assert all(reason(name).endswith(".") for name in vocabulary.delivered_names())
    assert policy("jenis_pasar") is Editing.ISI
    for name in ("akses", "peran", "prinsip", "status_alur", "jenis_data"):
        assert policy(name) is not Editing.ISI


@pytest.mark.parametrize("name", vocabulary.delivered_names())
def test_a_delivered_list_obeys_the_rules_of_new_ones(name: str) -> None:
    found = vocabulary.delivered(name)
    assert found is not None
    as_new = propose(Vocabulary(name, "", "", "", {}), [
        GivenRow(place, row_of(each)) for place, each in enumerate(found)], Editing.ISI, TODAY)
    assert [(each.code, each.why.text()) for each in as_new.refused] == []
    assert len(as_new.changes) == len(found)
    # And its own form, read back, changes nothing.
    same = propose(found, [GivenRow(n, row_of(each)) for n, each in enumerate(found)],
                   policy(name), TODAY, retire_absent=True)
    assert same.changes == () and same.refused == ()


def test_marks_of_copying_are_mended_in_silence() -> None:
    assert cleaned("label_id", " Pasar  ikan​\r\n ") == ("Pasar ikan", None)
    assert cleaned("berlaku_sejak", "1/2/2026") == ("2026-02-01", None)
    assert cleaned("berlaku_sejak", "2026-02-01 00:00:00") == ("2026-02-01", None)
    assert cleaned("alias", "a | b||a") == ("a|b", None)
    assert cleaned("notasi", "'-") == ("-", None)
    assert code_problem("1.02") is None and name_problem("jenis_pasar") is None
    assert name_problem("wilayah") and name_problem("x y") and name_problem("profil")


# -------------------------------------------------------------------------------- what is kept
def test_versions_in_order_give_the_list_and_each_can_be_shown_again() -> None:
    first = kept(proposed({"kode": "ikan", "label_id": "Ikan"}), PASAR)
    after = replay(PASAR, "pasar", [first])
    assert after is not None
    second = kept(proposed({"kode": "ikan", "berlaku_sampai": "2026-12-31"}, of=after), after, 2)
    now = replay(PASAR, "pasar", [first, second])
    assert now is not None and (now.version, now.modified) == (2, second.at)
    assert now["ikan"].valid_to == date(2026, 12, 31) and after["ikan"].valid_to is None
    then = replay(PASAR, "pasar", [first, second], upto=1)
    assert then is not None and list(then) == list(after) and then.version == 1
    assert [each.after for each in changes_between(then, now)] == [
        {"berlaku_sampai": "2026-12-31"}]


def test_a_later_delivery_mends_what_the_portal_did_not_change() -> None:
    changed = kept(proposed({"kode": "rakyat", "label_id": "Rakyat kita"}), PASAR)
    newer = a_list({"kode": "rakyat", "label_en": "Traditional"}, {"kode": "modern"})
    now = replay(newer, "pasar", [changed])
    assert now is not None
    assert (now["rakyat"].label_id, now["rakyat"].label_en) == ("Rakyat kita", "Traditional")


def test_a_list_of_the_portal_s_own_begins_with_a_version() -> None:
    assert replay(None, "pasar", []) is None
    made = ChangeSet(1, NOW, (), {"title_id": "Pasar", "title_en": "", "note": "Milik kita"})
    now = replay(None, "pasar", [made])
    assert now is not None and (now.title("en"), now.note, now.local, len(now)) == (
        "Pasar", "Milik kita", True, 0)
    assert PASAR.local is False


def test_an_undo_gives_back_what_was_and_retires_what_was_new() -> None:
    done = kept(proposed(
        {"kode": "ikan", "label_id": "Ikan"}, {"kode": "rakyat", "keterangan": "x"},
        {"kode": "modern", "keterangan": "y"}), PASAR)
    now = replay(PASAR, "pasar", [done])
    assert now is not None
    later = kept(proposed({"kode": "modern", "keterangan": "z"}, of=now), now, 2)
    now = replay(PASAR, "pasar", [done, later])
    assert now is not None
    rows, held = reversed_rows(done, now, TODAY)
    assert held == ["modern"]  # somebody decided anew
    undone = replay(PASAR, "pasar", [done, later, kept(proposed(*rows, of=now), now, 3)])
    assert undone is not None
    assert undone["rakyat"] == PASAR["rakyat"] and undone["modern"].note == "z"
    assert undone["ikan"].valid_to == TODAY


def test_an_undo_retires_a_new_code_that_was_to_end_later() -> None:
    done = kept(proposed({"kode": "ikan", "label_id": "Ikan", "berlaku_sampai": "2199-12-31"},
                         {"kode": "lama", "label_id": "L", "berlaku_sampai": "2001-12-31"}), PASAR)
    now = replay(PASAR, "pasar", [done])
    assert now is not None
    assert reversed_rows(done, now, TODAY) == (
        [{"kode": "ikan", "berlaku_sampai": TODAY.isoformat()}], [])


CODE = st.sampled_from("abcdefgh")
TEXT = st.text(st.sampled_from("ab|=\x00 é"), max_size=4)
ROW = st.fixed_dictionaries({"kode": CODE}, optional={
    "label_id": st.sampled_from(["Ikan", "Buah", "Sayur", "Kain", ""]), "induk": CODE | st.just(""),
    "berlaku_sampai": st.sampled_from(["", "2026-12-31", "2020-01-01"]),
    "pengganti": CODE | st.just(""), "keterangan": TEXT, "alias": TEXT,
})
SETS = st.lists(st.tuples(st.lists(ROW, max_size=5), st.booleans()), max_size=4)


@given(SETS)
def test_whatever_is_proposed_replays_to_the_current_list_and_no_code_ever_goes(
    sets: list[tuple[list[dict[str, str]], bool]]
) -> None:
    current, log, states = PASAR, list[ChangeSet](), [PASAR]
    for rows, retire in sets:
        change = kept(proposed(*rows, of=current, retire_absent=retire), current, len(log) + 1)
        log.append(change)
        after = replay(current, "pasar", [change])
        assert after is not None
        assert {each.code for each in current} <= {each.code for each in after}
        assert_sound(after)
        states.append(after)
        current = after
    for number, state in enumerate(states):
        again = replay(PASAR, "pasar", log, upto=number)
        assert again is not None and list(again) == list(state)


def assert_sound(of: Vocabulary) -> None:
    for each in of:
        assert each.label_id
        above, code = set[str](), each.code
        while code:
            assert code in of and code not in above
            above.add(code)
            code = of[code].parent
    names = [each.label_id for each in of if each.valid_to is None]
    assert len(names) == len(set(names))


# ------------------------------------------------------------------------- one state for everybody
@pytest.fixture
def told() -> Iterator[None]:
    before = vocabulary.use(vocabulary.Edition())
    yield
    vocabulary.use(before)


@pytest.mark.usefixtures("told")
def test_everybody_follows_a_new_edition_at_once() -> None:
    assert unit_code("bakul") is None
    satuan = vocabulary.get("satuan")
    change = propose(satuan, [GivenRow(1, {
        "kode": "bakul", "label_id": "Bakul", "alias": "wakul"})], Editing.ISI, TODAY)
    now = replay(satuan, "satuan", [ChangeSet(1, NOW, change.changes)])
    assert now is not None
    own = replay(None, "pasar", [ChangeSet(1, NOW, (), {"title_id": "Pasar"})])
    assert own is not None
    edition = vocabulary.Edition(7, {"satuan": now, "pasar": own})
    vocabulary.use(edition)
    assert unit_code("wakul") == "bakul" and vocabulary.get("satuan").version == 1
    assert "pasar" in vocabulary.names() and list(vocabulary.names()) == sorted(vocabulary.names())
    carried = vocabulary.of_edition(vocabulary.edition_data(edition))
    assert carried.number == 7 and list(carried.lists["satuan"]) == list(now)
    assert carried.lists["satuan"].modified == NOW and carried.lists["pasar"].local


@pytest.mark.usefixtures("told")
def test_a_child_that_reads_files_knows_what_the_portal_changed(tmp_path: Path) -> None:
    from ckanext.satudata.domain.inspection import sandbox

    file, out = tmp_path / "hasil.csv", tmp_path / "out"
    file.write_text("Desa,Tahun,Hasil (bakul)\n" + "".join(
        f"Desa {n},2025,{n * 7}\n" for n in range(1, 9)))
    out.mkdir()

    def units() -> list[str]:
        tables = sandbox.inspect(file, file.name, out)["tables"]
        return [each["unit"] for each in tables[0]["columns"] if each.get("unit")]

    before = units()
    satuan = vocabulary.get("satuan")
    change = propose(satuan, [GivenRow(1, {"kode": "bakul_besar", "label_id": "Bakul besar",
                                           "alias": "bakul"})], Editing.ISI, TODAY)
    now = replay(satuan, "satuan", [ChangeSet(1, NOW, change.changes)])
    assert now is not None
    vocabulary.use(vocabulary.Edition(1, {"satuan": now}))
    assert (before, units()) == ([], ["Bakul besar"])


def test_a_retired_code_gives_its_spelling_to_the_one_in_force() -> None:
    both = a_list({"kode": "lama", "label_id": "Ikan", "berlaku_sampai": "2020-12-31"},
                  {"kode": "baru2", "label_id": "Ikan", "berlaku_sejak": "2021-01-01"})
    found = both.match("ikan")
    assert found is not None and found.code == "baru2"


def test_our_own_form_has_every_column() -> None:
    written = io.StringIO()
    csv.DictWriter(written, COLUMNS).writerows(map(row_of, PASAR))
    assert len(written.getvalue().splitlines()) == len(PASAR)
