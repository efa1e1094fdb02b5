"""The template of a dataset: who gets it, what it shows them, and what comes back."""
from __future__ import annotations

import io
import json
import threading
import time
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
import redis
from at_once import at_once
from ckan import model
from ckan.plugins import toolkit as tk
from link_scene import Phone, make_link, path_of
from restricted_world import DECIDED
from tidy_scene import accept, handed_in, publish, rows_of, shown, stored, work
from werkzeug.datastructures import FileStorage
from workflow_cast import Cast, Data, call, people

from ckanext.satudata.entry_sheets import template, template_cache
from ckanext.satudata.inspection import store
from ckanext.satudata.shared import blobs
from ckanext.satudata.shared.signals import file_opened, purging
from ckanext.satudata.shared.types import Purge

pytestmark = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
    pytest.mark.ckan_config("ckanext.satudata.wilayah", "36.04"),
]
made, cast = people()
SCHEMA = {"fields": [
    {"name": "kode_kecamatan", "type": "string", "kode_referensi": "wilayah"},
    {"name": "nama_kecamatan", "type": "string"}, {"name": "tahun", "type": "year"},
    {"name": "kunjungan", "type": "integer", "satuan": "kunjungan", "title": "Kunjungan"}]}
CSV = ("kode_kecamatan,nama_kecamatan,tahun,kunjungan\n36.04.05,Anyar,2024,1100\n"
       "36.04.06,Bojonegara,2024,900\n36.04.05,Anyar,2025,1234\n36.04.06,Bojonegara,2025,987\n")


def upload(content: bytes, name: str) -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


def draft(cast: Cast, **more: Any) -> Data:
    """Return a draft with a clean table."""
    data = cast.make(resources=[], kode_wilayah=["36.04"], **more)
    call("resource_create", cast.produsen, package_id=data["id"], name="Kunjungan", format="CSV",
         skema=json.dumps(SCHEMA), upload=upload(CSV.encode(), "kunjungan.csv"))
    return call("package_show", cast.produsen, id=data["id"])


def published(cast: Cast, **more: Any) -> Data:
    data = draft(cast, **more)
    cast.set_aside(data["id"])
    publish(cast, data["id"])
    return call("package_show", cast.produsen, id=data["id"])


def content_of(made: Data) -> bytes:
    return b"".join(blobs.open(made["sha256"]))


def book_of(made: Data) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content_of(made)))


def everything_in(made: Data) -> str:
    with zipfile.ZipFile(io.BytesIO(content_of(made))) as archive:
        return "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


def filled(made: Data, *figures: int | str | None) -> bytes:
    book = book_of(made)
    for row, figure in enumerate(figures, 2):
        book["Isi data"].cell(row, 4).value = figure
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def headers(who: Data) -> dict[str, str]:
    user = model.User.get(who["name"])
    return {"Authorization": call("api_token_create", who, user=user.name, name="t")["token"]}


@pytest.fixture(scope="module")
def data() -> Callable[[Cast], Data]:
    """A published dataset, made once for what only looks at it."""
    kept: list[Data] = []

    def one(cast: Cast) -> Data:
        if not kept:
            kept.append(published(cast, title="Kunjungan puskesmas"))
        return kept[0]

    return one


def test_who_writes_the_data_gets_next_years_rows_and_last_years_figures(
    cast: Cast, data: Callable[[Cast], Data]
) -> None:
    dataset = data(cast)
    made = call("satudata_template_create", cast.produsen, id=dataset["name"])
    assert made["filename"] == f"templat-{dataset['name']}-2026.xlsx"
    assert (made["year"], made["rows"], made["size"]) == (2026, 2, len(content_of(made)))
    book = book_of(made)
    assert [[cell.value for cell in row] for row in book["Isi data"]][1:] == [
        ["36.04.05", "Anyar", 2026, None], ["36.04.06", "Bojonegara", 2026, None]]
    assert [[cell.value for cell in row] for row in book["Tahun lalu"]][1:] == [
        ["36.04.05", "Anyar", 2025, 1234], ["36.04.06", "Bojonegara", 2025, 987]]
    assert "Dinas Kesehatan" in "".join(
        str(row[0].value) for row in book["Petunjuk"].iter_rows())


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Take a while for each template; which were made, and how many at one time, is kept."""
    kept: list[str] = []
    real, busy = template.template.make, threading.Semaphore(1)

    def make(order: Data) -> Data:
        kept.append(order["dataset"] if busy.acquire(blocking=False) else "at the same time")
        time.sleep(1)
        try:
            return real(order)
        finally:
            busy.release()

    monkeypatch.setattr(template.template, "make", make)
    return kept


def test_many_who_open_it_at_once_wait_for_one_to_be_made(
    cast: Cast, app: Any, slow: list[str]
) -> None:
    dataset = published(cast)
    link = make_link(cast, dataset)
    path = f"{path_of(link)}/templat.xlsx"
    found: list[bytes] = []

    def behind_the_link() -> None:
        answer = Phone(app).get(path)
        assert answer.status_code == 200
        found.append(answer.data)

    assert at_once(app, [behind_the_link] * 6) == {"done": 6} and len(set(found)) == 1
    assert slow == [dataset["id"]]
    # With an account it shows more, so it is another one: made once as well.
    at_once(app, [lambda: call("satudata_template_create", cast.produsen, id=dataset["id"])] * 3)
    assert slow == [dataset["id"]] * 2


def test_who_would_wait_too_long_is_told_when_to_come_back(
    cast: Cast, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = published(cast)
    link = make_link(cast, dataset)
    monkeypatch.setattr(template_cache, "_WAITING", 0.2)
    with template_cache.alone(dataset["id"]):
        found = Phone(app).get(f"{path_of(link)}/templat.xlsx")
        assert found.status_code == 429 and int(found.headers["Retry-After"]) > 0
        assert "sedang disiapkan" in found.text
        with pytest.raises(tk.ValidationError) as error:
            call("satudata_template_create", cast.produsen, id=dataset["id"])
        assert error.value.error_dict["conflict"] == "state"
    assert Phone(app).get(f"{path_of(link)}/templat.xlsx").status_code == 200


def test_without_valkey_it_is_made_all_the_same(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> Any:
        raise redis.ConnectionError

    dataset = published(cast)
    monkeypatch.setattr(template_cache, "connect_to_redis", away)
    assert call("satudata_template_create", cast.produsen, id=dataset["id"])["rows"] == 2


def test_it_is_made_once(cast: Cast, data: Callable[[Cast], Data]) -> None:
    dataset = data(cast)
    first, again = (call("satudata_template_create", who, id=dataset["id"])
                    for who in (cast.produsen, cast.rekan))
    assert first == again


@pytest.mark.parametrize("who", ["tetangga", "warga", "ppid", None])
def test_nobody_else_gets_it(cast: Cast, data: Callable[[Cast], Data], who: str | None) -> None:
    with pytest.raises(tk.NotAuthorized):
        call("satudata_template_create", cast.people[who] if who else None, id=data(cast)["id"])


def test_its_page_answers_with_the_workbook_and_others_as_if_there_was_none(
    cast: Cast, data: Callable[[Cast], Data], app: Any
) -> None:
    address = f"/dataset/{data(cast)['name']}/templat.xlsx"
    answer = app.get(address, headers=headers(cast.produsen))
    assert answer.status_code == 200 and answer.data[:2] == b"PK"
    assert "spreadsheetml" in answer.headers["Content-Type"]
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert app.get(address, headers=headers(cast.tetangga), status=404)
    assert app.get(address, status=404)
    assert app.get("/dataset/tidak-ada/templat.xlsx", headers=headers(cast.produsen), status=404)


def test_the_page_of_the_dataset_leads_to_it_who_may_write(
    cast: Cast, data: Callable[[Cast], Data], app: Any
) -> None:
    name = data(cast)["name"]
    own = app.get(f"/dataset/{name}", headers=headers(cast.produsen)).body
    assert "Unduh templat isian" in own and f"/dataset/{name}/templat.xlsx" in own
    assert "templat.xlsx" not in app.get(f"/dataset/{name}").body


def test_what_comes_back_filled_asks_nothing_and_changes_nothing(cast: Cast) -> None:
    dataset = draft(cast)
    made = call("satudata_template_create", cast.produsen, id=dataset["id"])
    assert made["year"] == 2025  # of a draft the same rows are asked for
    call("resource_patch", cast.produsen, id=dataset["resources"][0]["id"], format="XLSX",
         upload=upload(filled(made, 1, None, 3, 4), "isian.xlsx"))
    work()
    found = call("satudata_inspection_show", cast.produsen,
                 resource_id=dataset["resources"][0]["id"])
    table = found["report"]["tables"][0]
    assert table["questions"] == table["changes"] == found["report"]["remarks"] == []
    assert table["template"]["dataset"] == dataset["id"]
    assert [row["kunjungan"] for row in table["rows"]] == [1, None, 3, 4]
    assert {each["name"]: each["type"] for each in table["columns"]} == {
        each["name"]: each["type"] for each in SCHEMA["fields"]}


def test_the_next_year_is_put_to_the_years_that_are_public(cast: Cast) -> None:
    dataset = published(cast, title="Kunjungan bersambung")
    made = call("satudata_template_create", cast.produsen, id=dataset["id"])
    copy = call("satudata_revision_start", cast.produsen, id=dataset["id"])
    accept(cast.produsen, copy["id"], handed_in(
        dataset["id"], filled(made, 1300, None), "isian.xlsx"), replaces=copy["resources"][0]["id"])
    work()
    (resource,) = shown(copy["id"])["resources"]
    assert stored(resource) == CSV + "36.04.05,Anyar,2026,1300\n36.04.06,Bojonegara,2026,\n"
    assert rows_of(resource["id"])[-1] == ("36.04.06", "Bojonegara", 2026, None)
    changed = call("satudata_version_diff", cast.produsen, id=dataset["id"], **{
        "from": 1, "to": "draf"})["resources"][0]["table"]
    assert changed["rows"]["removed"] == changed["past_changed"] == 0


def test_the_template_of_another_dataset_is_a_catatan_that_stops_the_hand_in(
    cast: Cast, data: Callable[[Cast], Data]
) -> None:
    other = call("satudata_template_create", cast.produsen, id=data(cast)["id"])
    dataset = draft(cast, title="Rawat inap")
    call("resource_patch", cast.produsen, id=dataset["resources"][0]["id"], format="XLSX",
         upload=upload(filled(other, 1, 2), "isian.xlsx"))
    work()
    found = [each for each in cast.show(dataset["id"])["findings"]
             if each["check_name"] == "template-other"]
    assert [each["severity"] for each in found] == ["wajib"]
    assert "Kunjungan puskesmas" in json.dumps(found, ensure_ascii=False, default=str)


def test_a_working_copy_has_the_template_of_what_is_public(
    cast: Cast
) -> None:
    dataset = published(cast, title="Rawat jalan")
    copy = call("satudata_revision_start", cast.produsen, id=dataset["id"])
    made = call("satudata_template_create", cast.produsen, id=copy["id"],
                resource_id=copy["resources"][0]["id"])
    assert made["filename"] == f"templat-{dataset['name']}-2026.xlsx" and made["rows"] == 2
    work_sheet = book_of(made)["_satudata"]
    assert [row[1].value for row in work_sheet.iter_rows(max_row=2)][1] == dataset["id"]


def test_a_dataset_without_a_file_asks_for_its_areas(cast: Cast) -> None:
    dataset = cast.make(resources=[], title="Posyandu menurut kecamatan", satuan="unit",
                        kode_wilayah=["36.04"], tingkat_penyajian="kecamatan")
    made = call("satudata_template_create", cast.produsen, id=dataset["id"])
    sheet = book_of(made)["Isi data"]
    assert [cell.value for cell in sheet[1]] == [
        "kode_kecamatan", "nama_kecamatan", "tahun", "posyandu"]
    assert made["rows"] == 29 and sheet["C2"].value == 2025


def test_a_file_of_another_dataset_is_none_of_its(
    cast: Cast, data: Callable[[Cast], Data]
) -> None:
    other = draft(cast, title="Lain")
    with pytest.raises(tk.ObjectNotFound):
        call("satudata_template_create", cast.produsen, id=data(cast)["id"],
             resource_id=other["resources"][0]["id"])
    for bad in ("x" * 500, ["a"], "\x00"):
        with pytest.raises((tk.ValidationError, tk.NotAuthorized, tk.ObjectNotFound)):
            call("satudata_template_create", cast.produsen, id=data(cast)["id"], resource_id=bad)


def test_restricted_figures_are_shown_to_who_may_open_them_and_that_is_told(cast: Cast) -> None:
    dataset = draft(cast, title="Pasien", **DECIDED)
    told: list[Data] = []

    def listen(sender: str, **more: Any) -> None:
        told.append({"sender": sender, **more})

    with file_opened.connected_to(listen):
        own = call("satudata_template_create", cast.produsen, id=dataset["id"])
        assert "1234" in everything_in(own) and own["shows_values"]
        assert [(each["resource_id"], each["user"]) for each in told] == [
            (dataset["resources"][0]["id"], cast.produsen["name"])]
        # Through a link nobody has an account: what rows are about, and no figure.
        linked = tk.get_action("satudata_template_create")(
            {"ignore_auth": True, "user": ""}, {"id": dataset["id"]})
        assert len(told) == 1 and not linked["shows_values"]
    inside = everything_in(linked)
    assert "Anyar" in inside and "1234" not in inside and "Tahun lalu" not in inside
    assert linked["sha256"] != own["sha256"]


def test_a_link_to_restricted_data_gives_a_template_without_a_figure(
    cast: Cast, app: Any
) -> None:
    dataset = draft(cast, title="Pasien", **DECIDED)
    link = make_link(cast, dataset)
    got = Phone(app).get(f"{path_of(link)}/templat.xlsx")
    assert got.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(got.data))
    inside = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "Anyar" in inside and not any("1234" in each for each in inside)
    assert "Tahun lalu" not in book.sheetnames


def test_what_is_open_is_shown_through_a_link_as_well(
    cast: Cast, data: Callable[[Cast], Data]
) -> None:
    linked = tk.get_action("satudata_template_create")(
        {"ignore_auth": True, "user": ""}, {"id": data(cast)["id"]})
    assert "Tahun lalu" in book_of(linked).sheetnames


def test_templates_go_with_data_that_are_deleted_for_good(cast: Cast) -> None:
    dataset = draft(cast, title="Bocor")
    made = call("satudata_template_create", cast.produsen, id=dataset["id"])
    gone = [given for _, given in purging.send(
        dataset["id"], what=Purge(frozenset({dataset["id"]}))) if made["sha256"] in given.blobs]
    model.Session.rollback()
    assert len(gone) == 1
    assert template_cache.forget(dataset["id"]) == frozenset()


def test_one_that_the_collector_took_is_made_again(
    cast: Cast, data: Callable[[Cast], Data]
) -> None:
    dataset = data(cast)
    made = call("satudata_template_create", cast.produsen, id=dataset["id"])
    assert blobs.erase([made["sha256"]]) == [made["sha256"]]
    again = call("satudata_template_create", cast.produsen, id=dataset["id"])
    assert content_of(again)[:2] == b"PK"
    assert store.current(dataset["resources"][0]["id"]) is not None
