"""Clean tables of one title are files of different names, which stay what they are."""
from __future__ import annotations

import pytest
from tidy_scene import VISITS, accept, book, draft, handed_in, recipe, rows_of, shown, work
from workflow_cast import Cast, Data, call, people

pytestmark = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
made, cast = people()
TITLE = VISITS[0][0]
OTHERS = [VISITS[0], VISITS[1], ("0201", "Kramatwatu", 31), ("0202", "Baros", 17),
          ("0203", "Tirtayasa", 26)]


def names(dataset: Data) -> list[tuple[str, str]]:
    return [(each["name"], each["url"].rsplit("/", 1)[-1])
            for each in shown(dataset)["resources"]]


def test_two_tables_of_one_title_are_two_names_and_two_addresses(cast: Cast) -> None:
    dataset = draft(cast, book(Barat=VISITS, Timur=OTHERS))
    first, second = shown(dataset)["resources"]
    told = names(dataset)
    assert [each[0] for each in told] == [f"{TITLE} - Barat", f"{TITLE} - Timur"]
    assert len({each[1] for each in told}) == 2
    # A correction of one, and one that is left out, rename nothing.
    recipe(cast, dataset, first, names={"kunjungan": "jumlah_kunjungan"})
    work()
    assert names(dataset) == told
    assert [each["id"] for each in shown(dataset)["resources"]] == [first["id"], second["id"]]
    call("resource_delete", cast.produsen, id=first["id"])
    recipe(cast, dataset, second, names={"kunjungan": "banyak_kunjungan"})
    work()
    assert names(dataset) == told[1:]


def test_long_titles_and_a_second_file_of_the_same_name_do_not_meet(cast: Cast) -> None:
    long = [("JUMLAH KUNJUNGAN PASIEN RAWAT JALAN DAN RAWAT INAP DI PUSKESMAS MENURUT KECAMATAN/"
             "KELURAHAN DAN JENIS PEMBIAYAAN DI KABUPATEN SERANG",), *VISITS[1:]]
    other = [long[0], *OTHERS[1:]]
    dataset = draft(cast, book(Barat=long, Timur=other))
    accept(cast.produsen, dataset["id"], handed_in(
        dataset["id"], book(Barat=[*long[:2], ("0301", "Padarincang", 4), ("0302", "Mancak", 5),
                                   ("0303", "Pabuaran", 6)]), "lagi.xlsx"))
    work()
    told = names(dataset)
    assert len(told) == 3 == len({each[0] for each in told}) == len({each[1] for each in told})
    assert all(each[1].startswith("jumlah-kunjungan") for each in told)
    assert all(rows_of(each["id"]) for each in shown(dataset)["resources"])


def test_names_that_people_gave_stay_though_they_are_the_same(cast: Cast) -> None:
    dataset = draft(cast, book(Barat=VISITS, Timur=OTHERS))
    first, second = shown(dataset)["resources"]
    for each in (first, second):
        call("resource_patch", cast.produsen, id=each["id"], name="Kunjungan")
    recipe(cast, dataset, first, names={"kunjungan": "jumlah_kunjungan"})
    work()
    assert [each[0] for each in names(dataset)] == ["Kunjungan", "Kunjungan"]
