"""The demo region at work: what its people find on their desks, and what is on record.

Made once for the tests of this file; the last of them takes it back, so that one run after it
makes it again.
"""
from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import ckan.model as model
import openpyxl
import pytest
import sqlalchemy as sa
from ckan.cli.cli import ckan
from ckan.plugins import toolkit as tk
from ckan.tests import factories, helpers
from ckan.tests.helpers import CKANCliRunner

from ckanext.satudata.domain.inspection import sandbox
from ckanext.satudata.domain.workflow import State
from ckanext.satudata.shared import blobs
from ckanext.satudata.shared.audit import Event

pytestmark = [
    pytest.mark.usefixtures("with_plugins", "region"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "contoh-diskominfo"),
]
Data = dict[str, Any]


def run(cli: CKANCliRunner, *arguments: str) -> str:
    result = cli.invoke(ckan, ["satudata", "demo", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="module")
def made() -> list[bool]:
    """Whether the first test of this module made the region."""
    return []


@pytest.fixture
def region(made: list[bool], cli: CKANCliRunner, request: pytest.FixtureRequest) -> None:
    """The demo region."""
    if not made:
        for name in ("clean_db", "clean_datastore", "clean_index"):
            request.getfixturevalue(name)
        run(cli, "--region", "36.04")
        made.append(True)


def ask(action: str, person: str, **data: Any) -> Any:
    """Call an action with a person's own rights."""
    return helpers.call_action(action, {"user": person, "ignore_auth": False}, **data)


def submissions(**query: Any) -> list[Data]:
    """Return every submission there is, as the leadership reads them."""
    return ask("satudata_submission_list", "contoh-pimpinan", limit=200, **query)["results"]


def events() -> list[Event]:
    return list(model.Session.scalars(sa.select(Event).order_by(Event.id)))


def test_every_state_has_data_and_every_desk_has_work() -> None:
    everything = submissions()
    states = Counter(each["state"] for each in everything)
    assert set(states) == {state.value for state in State}
    assert sum(states.values()) - states["terbit"] >= 12
    assert states["terbit"] > 50
    assert {each["state"] for each in submissions(overdue=True)} >= {
        "diajukan", "diperiksa_walidata", "dikembalikan", "diperiksa_pembina"}
    for person in ("contoh-walidata", "contoh-walidata-2", "contoh-walidata-pendukung",
                   "contoh-pembina-statistik", "contoh-produsen-dpmd",
                   "contoh-produsen-diskoperindag", "contoh-agen-statistik-2"):
        counts = ask("satudata_submission_list", person, limit=0)["counts"]
        assert counts["menunggu_saya"] or counts["menunggu_lain"], (person, counts)
    for person in ("contoh-walidata", "contoh-pembina-statistik", "contoh-produsen-dpmd"):
        assert ask("satudata_submission_list", person, limit=0)["counts"]["menunggu_saya"], person
        assert ask("satudata_notice_list", person, unread=True)["count"], person

    typed = ask("satudata_submission_show", "contoh-produsen-diskoperindag", id="contoh-umkm")
    assert typed["on_behalf"] and typed["state"] == "draf"
    assert "konfirmasi" in [each["name"] for each in typed["actions"] if each["allowed"]]
    planned = ask("satudata_submission_show", "contoh-walidata", id="contoh-rumah-layak-huni")
    assert planned["state"] == "disetujui" and planned["release_at"]
    returned = ask("satudata_submission_show", "contoh-produsen-dpmd", id="contoh-bumdes")
    assert len(returned["findings"]) == 2
    assert not any(each["answered_at"] for each in returned["findings"])
    mended = ask("satudata_submission_show", "contoh-walidata-2", id="contoh-sampah")
    assert all(each["answered_at"] for each in mended["findings"])
    shown = helpers.call_action("package_show", id="contoh-sampah")
    assert "persen dari timbulannya" in shown["definisi"]
    before = [each for each in everything if each["belum_diperiksa"]]
    assert len(before) == 3 and all(each["state"] == "terbit" for each in before)


def test_what_is_on_record_is_what_the_law_asks_for() -> None:
    names = {user.id: user.name for user in model.Session.query(model.User)}
    versions = {each["id"]: each for each in submissions()}
    approvals = [event for event in events() if event.transition == "setujui"]
    assert len(approvals) > 50
    for event in approvals:
        # Four eyes: nobody of the producing agency, and the pembina last on Data Prioritas.
        person = names[event.actor_id or ""]
        assert person in ("contoh-walidata", "contoh-walidata-2", "contoh-pembina-statistik")
        assert event.actor_id not in versions[event.submission_id or ""]["editors"]
    for identifier in versions:
        mine = [event for event in events() if event.submission_id == identifier]
        assert [event.at for event in mine] == sorted(event.at for event in mine)
    days = {event.at.date() for event in approvals}
    assert len(days) > 15, "weeks of work, not one day's"
    mails = helpers.call_action("satudata_notice_settings_show", {"user": "contoh-walidata"})
    assert not any(each["mail"] for each in mails["settings"])


def test_the_public_finds_versions_and_what_each_changed() -> None:
    name = "contoh-pelayanan-ibu-hamil"
    listed = ask("satudata_version_list", "", id=name)["results"]
    assert [(each["number"], each["kind"]) for each in listed] == [
        (3, "perbaikan"), (2, "rilis_baru"), (1, "rilis_baru")]
    tables = [ask("satudata_version_diff", "", id=name, **{"from": n, "to": n + 1})[
        "resources"][0]["table"] for n in (1, 2)]
    assert [table["rows"] for table in tables] == [
        {"added": 29, "removed": 0, "changed": 0, "same": 29 * 4},
        {"added": 0, "removed": 0, "changed": 2, "same": 29 * 5 - 2}]
    assert [table["past_changed"] for table in tables] == [0, 2]
    # The rows people read one by one are those of the last version, as the file is.
    sample = tables[1]["sample"][0]
    resource = helpers.call_action("package_show", id=name)["resources"][0]["id"]
    found = ask("datastore_search", "", resource_id=resource, filters=sample["key"])
    assert found["total"] == 1 and str(found["records"][0][sample["column"]]) == sample["new"]
    assert ask("datastore_search", "", resource_id=resource, limit=0)["total"] == 29 * 5
    for name, state in (("contoh-partisipasi-sekolah", "draf"),
                        ("contoh-keluarga-berencana", "dikembalikan")):
        [one] = ask("satudata_version_list", "", id=name)["results"]
        assert one["number"] == 1
        [open_] = [each for each in submissions() if each["dataset"]["name"] != name
                   and each["package_id"] == helpers.call_action("package_show", id=name)["id"]]
        assert (open_["number"], open_["state"]) == (2, state)


def test_the_desk_of_restricted_data_has_something_of_everything() -> None:
    boxes = {box: ask("satudata_access_request_list", "contoh-ppid", box=box)["results"]
             for box in ("terbuka", "selesai")}
    assert [len(each) for each in boxes.values()] == [1, 1]
    assert boxes["selesai"][0]["state"] == "dikabulkan" and not boxes["terbuka"][0]["days_late"]
    given = ask("satudata_access_grant_list", "contoh-ppid", include_past=True)["results"]
    assert sorted(each["standing"] for each in given) == ["berakhir", "berlaku"]
    read = ask("satudata_download_list", "contoh-ppid")["results"]
    assert [(each["user"]["name"], each["way"], each["right"]) for each in read] == [
        ("contoh-pengguna", "unduh", "izin"),
        ("contoh-pengguna-pemerintah", "tabel", "pemerintah"),
        ("contoh-pengguna-pemerintah", "unduh", "pemerintah"),
        ("contoh-produsen-dinas-sosial", "unduh", "izin")]
    name = "contoh-cadangan-logistik"
    resource = helpers.call_action("package_show", id=name)["resources"][0]["id"]
    for person, opens in (("contoh-pengguna", True), ("contoh-wartawan", False),
                          ("contoh-produsen-dinas-sosial", False)):
        asked = {"id": name, "resource_id": resource}
        if opens:
            assert tk.check_access("satudata_file_open", {"user": person}, asked)
        else:
            with pytest.raises(tk.NotAuthorized):
                tk.check_access("satudata_file_open", {"user": person}, asked)


def filled(made: Data, path: Path) -> list[list[Any]]:
    """Fill a template with what the table said last, as a person would; return its rows."""
    path.write_bytes(b"".join(blobs.open(made["sha256"])))
    book = openpyxl.load_workbook(path)
    sheet = book["Isi data"]
    last = list(book["Tahun lalu"].iter_rows(min_row=2, values_only=True))
    assert len(last) == made["rows"]
    for number, row in enumerate(last, 2):
        for at, value in enumerate(row, 1):
            if sheet.cell(number, at).value is None:
                sheet.cell(number, at).value = value
    book.save(path)
    return [[cell.value for cell in row] for row in sheet]


@pytest.mark.usefixtures("with_request_context")
def test_the_recap_of_the_puskesmas_is_under_way() -> None:
    [listed] = ask("satudata_recap_list", "contoh-produsen-dinas-kesehatan",
                   id="contoh-kunjungan-puskesmas")
    board = ask("satudata_recap_show", "contoh-walidata-pendukung", id=listed["id"])
    assert board["headline"] == "6 dari 31 puskesmas belum kirim."
    assert board["counts"] == {
        "belum": 6, "perbaiki": 2, "menunggu": 3, "dibaca": 0, "diterima": 20}
    assert board["ready"] == 3 and not board["closed_at"] and not board["merged_at"]
    assert all(each["name"].startswith("Puskesmas ") for each in board["units"])
    assert len({each["name"] for each in board["units"]}) == 31
    assert not any(each["phone"] or each["email"] for each in board["units"])
    assert sum(bool(each["reminded_at"]) for each in board["units"]) == 3
    mend = [each["sent"][0] for each in board["units"] if each["stand"] == "perbaiki"]
    assert sorted((bool(each["mend"]), bool(each["questions"])) for each in mend) == [
        (False, True), (True, False)]
    # What was accepted makes one table, in which those who have not sent have no rows.
    merged = ask("satudata_recap_merge", "contoh-produsen-dinas-kesehatan", id=listed["id"],
                 dry_run=True)
    assert merged["received"] == 20 and merged["rows"] == 60 and not merged["stops"]


def test_links_are_in_force_over_and_taken_back_and_one_was_used() -> None:
    links = [each for name in ("contoh-dana-desa", "contoh-produksi-padi")
             for each in ask("satudata_upload_link_list", "contoh-walidata", id=name)]
    assert Counter(each["state"] for each in links) == {
        "berlaku": 1, "berakhir": 1, "dicabut": 1}
    [used] = [each for each in links if each["received"]]
    assert used["state"] == "berlaku" and used["waiting"] == 1 and used["opened_at"]
    [came] = ask("satudata_intake_list", "contoh-produsen-dpmd", id="contoh-dana-desa")["results"]
    assert came["state"] == "menunggu" and came["way"] == "tautan"
    assert "Contoh" in came["sender"]["name"] and not came["sender"].get("contact")
    assert came["inspection"]["state"] == "selesai"


def test_a_messy_sheet_waits_in_a_draft_with_a_question() -> None:
    person, name = "contoh-produsen-dinas-pendidikan-kebudayaan", "contoh-sekolah"
    assert ask("satudata_submission_show", person, id=name)["state"] == "draf"
    [came] = ask("satudata_intake_list", person, id=name)["results"]
    assert (came["state"], came["way"]) == ("diterima", "unggah")
    [read] = [each for each in ask("satudata_inspection_list", person, id=name)["results"]
              if each["resource_id"] in came["resources"]]
    assert read["questions"] == 1 and not read["counts"]["wajib"]
    rows = ask("datastore_search", person, resource_id=read["resource_id"], limit=200)["records"]
    assert len({each["kecamatan"] for each in rows}) == 29, "titles, numbering and sum are gone"
    assert ask("package_show", "", id=name)["num_resources"] == 2, "nobody sees it yet"


def test_the_next_edition_of_something_is_due(app: Any) -> None:
    person = model.User.get("contoh-produsen-dinas-kesehatan")
    assert person is not None
    token = factories.APIToken(user=person.name)["token"]
    page = app.get("/kirim", headers={"Authorization": token}).text
    assert "Sudah waktunya" in page and "Kunjungan rawat jalan puskesmas" in page


def test_every_template_comes_back_without_a_question(tmp_path: Path) -> None:
    boss = helpers.call_action("get_site_user")["name"]
    tables = [each for each in ask("package_search", boss, rows=100, fq="dataset_type:dataset")[
        "results"] if any(one.get("skema") and one["jenis_berkas"] == "data"
                          for one in each["resources"])]
    assert len(tables) > 20
    for dataset in tables:
        made = ask("satudata_template_create", boss, id=dataset["id"])
        path, out = tmp_path / f"{dataset['name']}.xlsx", tmp_path / dataset["name"]
        out.mkdir()
        rows = filled(made, path)
        report = sandbox.inspect(path, path.name, out, {
            "dataset": dataset["id"], "facts": {"home": "36.04"}, "annotated": False})
        table = report["tables"][0]
        assert table["template"]["dataset"] == dataset["id"]
        assert (table["questions"], table["changes"], report["remarks"]) == ([], [], []), path.name
        schema = next(each["skema"] for each in dataset["resources"] if each.get("skema"))
        for column, declared in zip(table["columns"], schema["fields"], strict=True):
            assert column["name"] == declared["name"]
            assert column["type"] == declared["type"] or (
                column["name"], column["type"]) == ("tahun", "year"), path.name
        with (out / "tabel-1.csv").open(encoding="utf-8", newline="") as stream:
            back = list(csv.reader(stream))
        assert back == [[_written(value) for value in row] for row in rows], path.name


def _written(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.15g}"
    return value.date().isoformat() if isinstance(value, dt.datetime) else str(value)


def test_what_people_changed_in_the_demo_stays_on_a_second_run(cli: CKANCliRunner) -> None:
    ask("package_patch", "contoh-produsen-diskoperindag", id="contoh-pasar", title="Pasar kami")
    output = run(cli)
    assert "0 diperbarui" in output and "0 gagal" in output
    assert helpers.call_action("package_show", id="contoh-pasar")["title"] == "Pasar kami"


def test_what_others_put_into_a_demo_organization_is_kept(
    cli: CKANCliRunner, made: list[bool]
) -> None:
    made.clear()
    dataset = factories.Dataset(name="data-sungguhan", owner_org="contoh-dinas-kesehatan")
    output = run(cli, "--purge")
    assert "contoh-dinas-kesehatan" in output
    assert helpers.call_action("package_show", id=dataset["id"])
    assert [(event.package_id, event.transition) for event in events() if event.package_id] == [
        (dataset["id"], "mulai")]
    with pytest.raises(tk.ObjectNotFound):
        helpers.call_action("package_show", id="contoh-stunting")
