"""What is published stays beside next year's file, unless somebody says otherwise."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from link_scene import Desk, Phone, forget_counts, make_link, path_of, read_all, said
from restricted_world import DECIDED
from tidy_scene import draft, file, publish, rows_of, shown, stored, work
from workflow_cast import Cast, Data, call, people

pytestmark = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
made, cast = people()
HEAD = "kelompok,tahun,kunjungan\n"
PAST = [("Bayi", 2024, 4171), ("Anak", 2024, 4172), ("Remaja", 2024, 4173)]
NEXT = [("Bayi", 2025, 17), ("Anak", 2025, 18), ("Remaja", 2025, 19)]


def csv(rows: list[tuple[Any, ...]]) -> bytes:
    return (HEAD + "".join(f"{a},{b},{c}\n" for a, b, c in rows)).encode()


def published(cast: Cast, **more: Any) -> Data:
    dataset = draft(cast, csv(PAST), "kunjungan 2024.csv", **more)
    cast.set_aside(dataset["id"])
    publish(cast, dataset["id"])
    return shown(dataset)


def handed_in(cast: Cast, dataset: Data, rows: list[tuple[Any, ...]]) -> Data:
    """Hand in a file in the place of the published one, as the wizard does; return its copy."""
    copy = call("satudata_revision_start", cast.produsen, id=dataset["id"])
    call("satudata_intake_create", cast.produsen, id=dataset["id"], accept=True,
         replaces=copy["resources"][0]["id"], upload=file(csv(rows), "kunjungan 2025.csv"))
    work()
    return shown(copy)


def test_a_new_year_is_put_to_the_one_that_is_published_or_takes_its_place(
    cast: Cast, app: Any
) -> None:
    copy = handed_in(cast, published(cast), NEXT)
    (resource,) = copy["resources"]
    assert rows_of(resource["id"]) == [*PAST, *NEXT]
    desk, path = Desk(app, cast.produsen), (
        f"/dataset/{copy['id']}/resource/{resource['id']}/pemeriksaan")
    page = desk.get(path)
    assert "Menambah tahun 2025 pada data 2024. Ganti saja, tanpa data lama" in said(page)
    told = call("satudata_inspection_show", cast.produsen, resource_id=resource["id"])
    desk.post(path, **{"terlihat": told["id"], "langkah-1-lanjut": "1", "rilis-1": "ganti"})
    work()
    assert rows_of(resource["id"]) == NEXT
    assert ("Mengganti data 2024 dengan 2025: tahun 2024 tidak ikut terbit lagi, hanya terbaca di "
            "versi lama. Sertakan data lama") in said(desk.get(path))
    # Nothing that is published goes without a word: the hand-in asks why.
    cast.set_aside(copy["id"])
    with pytest.raises(tk.ValidationError, match=r"reason|alasan"):
        cast.step(cast.produsen, copy["id"], "ajukan")
    told = call("satudata_inspection_show", cast.produsen, resource_id=resource["id"])
    desk.post(path, **{"terlihat": told["id"], "rilis-1": "tambah"})
    work()
    assert stored(shown(copy)["resources"][0]) == csv([*PAST, *NEXT]).decode()
    cast.set_aside(copy["id"])
    assert cast.step(cast.produsen, copy["id"], "ajukan")["state"] == "diajukan"


def test_a_year_that_is_published_is_corrected_by_its_file(cast: Cast, app: Any) -> None:
    copy = handed_in(cast, published(cast), [("Bayi", 2024, 1), *PAST[1:]])
    (resource,) = copy["resources"]
    assert rows_of(resource["id"]) == [("Bayi", 2024, 1), *PAST[1:]]
    page = said(Desk(app, cast.produsen).get(
        f"/dataset/{copy['id']}/resource/{resource['id']}/pemeriksaan"))
    assert "Memperbarui data 2024." in page and "Ganti saja" not in page


def test_a_further_file_and_a_plain_one_are_put_to_nothing(cast: Cast) -> None:
    dataset = published(cast)
    copy = call("satudata_revision_start", cast.produsen, id=dataset["id"])
    call("satudata_intake_create", cast.produsen, id=dataset["id"], accept=True,
         upload=file(csv(NEXT), "lain.csv"))
    work()
    first, second = shown(copy)["resources"]
    assert stored(first) == csv(PAST).decode() and rows_of(second["id"]) == NEXT
    call("resource_patch", cast.produsen, id=first["id"], upload=file(csv(NEXT), "polos.csv"))
    work()
    assert stored(shown(copy)["resources"][0]) == csv(NEXT).decode()


def test_who_sends_by_a_link_sees_no_row_of_restricted_data(cast: Cast, app: Any) -> None:
    forget_counts()
    dataset = published(cast, **DECIDED)
    link = make_link(cast, dataset)
    phone = Phone(app)
    result = phone.sent(path_of(link), csv(NEXT), called="kunjungan 2025.csv")
    read_all()
    page = phone.get(result)
    assert "3 baris" in said(page) and "4171" not in page.text
    assert "<td>Bayi</td>" in page.text or "Bayi" in said(page)
