"""Rekap dari unit: many send, one table comes of it; who did not send stays missing."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from recap_scene import HEAD, begin, read, send, sheet, shown, stands, units
from statements import listened
from tidy_scene import publish, rows_of, types_of, work
from workflow_cast import Cast, Data, call, people

from ckanext.satudata.recap import joining
from ckanext.satudata.recap.model import Recap
from ckanext.satudata.shared import blobs
from ckanext.satudata.shared.audit import Event
from ckanext.satudata.shared.signals import ended

pytestmark = [
    pytest.mark.usefixtures("with_plugins", "with_request_context"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
made, cast = people()


def test_each_unit_gets_its_link_and_the_board_says_who_has_not_sent(cast: Cast) -> None:
    recap = begin(cast, 3, due_at="2027-01-15")
    assert recap["headline"] == "3 dari 3 puskesmas belum kirim."
    assert recap["until"] == "2027-01-15" and recap["total"] == recap["missing"] == 3
    assert [each["name"] for each in recap["units"]] == [
        "Puskesmas Contoh 1", "Puskesmas Contoh 2", "Puskesmas Contoh 3"]
    first = recap["units"][0]
    assert first["url"] in first["message"] and "15 Januari 2027" in first["message"]
    assert first["wa_url"].startswith("https://wa.me/6281200000001?text=Yth.")
    assert len({each["url"] for each in recap["units"]}) == 3
    listed = call("satudata_recap_list", cast.produsen, id=recap["package_id"])
    assert [(each["id"], each["total"], each["missing"]) for each in listed] == [
        (recap["id"], 3, 3)]


def test_what_a_unit_sends_moves_it_along_the_board(cast: Cast) -> None:
    recap = begin(cast, 4)
    send(recap, "P0001", sheet(1))
    send(recap, "P0002", sheet(2, Januari="banyak sekali"))
    send(recap, "P0003", sheet(3))
    board = shown(cast, recap)
    assert stands(board)["P0001"] == "menunggu" and stands(board)["P0004"] == "belum"
    assert board["headline"] == "1 dari 4 puskesmas belum kirim."
    assert board["units"][0]["code"] == "P0004"
    after = call("satudata_recap_accept", cast.produsen, id=recap["id"])
    assert "Puskesmas Contoh 1" in after["accepted"] and not after["refused"]
    assert stands(after)["P0001"] == stands(after)["P0003"] == "diterima"
    draft = call("package_show", cast.produsen, id=recap["package_id"])
    assert draft["resources"] == [], "a unit's file goes into the draft with the others' only"


def test_only_who_may_make_links_sees_them(cast: Cast) -> None:
    recap = begin(cast, 2)
    board = shown(cast, recap, cast.produsen)
    assert board["manages"] is False
    assert not {"url", "phone", "email", "wa_url"} & board["units"][0].keys()
    assert shown(cast, recap, cast.walidata)["units"][0]["url"]
    for who in (cast.tetangga, cast.warga, None):
        for action in ("show", "update", "accept", "remind", "merge", "close"):
            with pytest.raises(tk.NotAuthorized):
                call(f"satudata_recap_{action}", who, id=recap["id"])
        for action in ("create", "list"):
            with pytest.raises(tk.NotAuthorized):
                call(f"satudata_recap_{action}", who, id=recap["package_id"])
    for action in ("update", "remind", "close"):
        with pytest.raises(tk.NotAuthorized):
            call(f"satudata_recap_{action}", cast.produsen, id=recap["id"])


@pytest.mark.parametrize(("more", "field"), [
    ({"title": ""}, "title"), ({"title": "x" * 201}, "title"), ({"unit_kind": ""}, "unit_kind"),
    ({"unit_kind": "<b>"}, "unit_kind"), ({"unit_kind": "x" * 41}, "unit_kind"),
    ({"units": []}, "units"), ({"units": "P1"}, "units"), ({"units": [{"code": ["x"]}]}, "units"),
    ({"units": [{"code": "1", "name": "A"}, {"code": "1", "name": "B"}]}, "units"),
    ({"units": [{"code": "1", "name": "A", "phone": "x"}]}, "units"),
    ({"units": units(2001)}, "units"), ({"units": None, "list": "x" * 500_001}, "units"),
    ({"list": "a"}, "units"), ({"units": None, "areas": "provinsi"}, "units"),
    ({"due_at": "besok"}, "due_at"), ({"due_at": "2020-01-01"}, "due_at"),
    ({"due_at": "2099-01-01"}, "due_at"),
])
def test_what_cannot_be_asked_is_refused_by_field(
    cast: Cast, more: dict[str, Any], field: str
) -> None:
    dataset = cast.make(resources=[])
    with pytest.raises(tk.ValidationError) as caught:
        begin(cast, 1, dataset, **more)
    assert field in caught.value.error_dict
    assert call("satudata_recap_list", cast.kepala, id=dataset["id"]) == []


def test_a_pasted_list_and_the_kecamatan_of_the_government_are_units(cast: Cast) -> None:
    pasted = begin(cast, units=None, list="kode;nama\n0012;SDN 1\n0013;SDN 2\n",
                   unit_kind="sekolah dasar")
    assert [each["code"] for each in pasted["units"]] == ["0012", "0013"]
    areas = begin(cast, units=None, areas="kecamatan", unit_kind="kecamatan")
    assert areas["total"] == 29
    more = call("satudata_recap_update", cast.kepala, id=pasted["id"], title="Siswa 2025",
                list="kode;nama\n0013;lain\n0014;SDN 3\n")
    assert more["title"] == "Siswa 2025"
    assert [(each["code"], each["name"]) for each in more["units"]] == [
        ("0012", "SDN 1"), ("0013", "SDN 2"), ("0014", "SDN 3")]


def test_many_units_ask_the_database_no_more_than_few(cast: Cast) -> None:
    """Two thousand links are made, and taken back, while somebody waits for the page."""
    def asked(action: str, **more: Any) -> tuple[Data, int]:
        with listened() as statements:
            found = (begin(cast, **more) if action == "create" else
                     call("satudata_recap_close", cast.kepala, **more))
        return found, len(statements)

    few, many = (asked("create", count=count, dataset=cast.make(resources=[]))
                 for count in (2, 120))
    assert few[1] == many[1] and many[0]["total"] == 120
    assert len({each["url"] for each in many[0]["units"]}) == 120
    told = [Event.kind == "tautan_setor", Event.package_id == many[0]["package_id"]]
    for step in ("buat", "cabut"):
        if step == "cabut":
            assert asked("close", id=few[0]["id"])[1] == asked("close", id=many[0]["id"])[1]
        events = list(model.Session.scalars(
            sa.select(Event).where(*told, Event.transition == step)))
        assert {each.data["unit"] for each in events} == {
            each["code"] for each in many[0]["units"]}
        assert {each.actor_id for each in events} == {cast.kepala["id"]}


def test_a_closed_recap_asks_nobody(cast: Cast) -> None:
    recap = begin(cast, 2)
    closed = call("satudata_recap_close", cast.kepala, id=recap["id"])
    assert closed["closed_at"] and not any(each["url"] for each in closed["units"])
    for action in ("close", "remind", "update"):
        with pytest.raises(tk.ValidationError) as caught:
            call(f"satudata_recap_{action}", cast.kepala, id=recap["id"])
        assert caught.value.error_dict["conflict"] == "state"


def test_reminding_tells_who_is_to_be_written_to_and_writes_down_when(cast: Cast) -> None:
    recap = begin(cast, units=[
        {"code": "1", "name": "A", "phone": "081234567890"}, {"code": "2", "name": "B"},
        {"code": "3", "name": "C", "phone": "081234567891"}])
    send(recap, "3", sheet(3))
    told = call("satudata_recap_remind", cast.kepala, id=recap["id"])
    assert told["mailed"] == 0, "no mail server is set up"
    assert [each["code"] for each in told["by_phone"]] == ["1"]
    assert [each["code"] for each in told["by_hand"]] == ["2"]
    assert all(each["reminded_at"] is None for each in shown(cast, recap)["units"])
    call("satudata_recap_remind", cast.kepala, id=recap["id"], units=["1"])
    board = {each["code"]: each for each in shown(cast, recap)["units"]}
    assert board["1"]["reminded_at"] and not board["2"]["reminded_at"]
    again = call("satudata_recap_remind", cast.kepala, id=recap["id"])
    assert again["by_phone"] == [], "who just heard is not written to again with all others"


def test_one_of_31_puskesmas_after_the_other(cast: Cast) -> None:
    """25 of 31 send: some turn their columns, one writes a word, one sends twice."""
    dataset = cast.make(resources=[])
    recap = begin(cast, 31, dataset)
    for number in range(1, 26):
        head = (HEAD[2], HEAD[0], HEAD[1]) if number % 4 == 0 else HEAD
        cells = {"Februari": "sembilan puluh"} if number == 7 else {}
        send(recap, f"P{number:04d}", sheet(number, head, **cells))
    send(recap, "P0010", sheet(10, Maret="999"), "perbaikan.csv")
    board = shown(cast, recap)
    assert board["counts"]["belum"] == board["missing"] == 6
    assert board["headline"] == "6 dari 31 puskesmas belum kirim."
    call("satudata_recap_accept", cast.produsen, id=recap["id"])
    assert stands(shown(cast, recap))["P0010"] == "diterima"
    take_all(cast, recap)
    seen = call("satudata_recap_merge", cast.produsen, id=recap["id"], dry_run=True)
    assert (seen["received"], seen["total"], seen["rows"]) == (25, 31, 75)
    assert [each["name"] for each in seen["columns"]] == [
        "kode_puskesmas", "nama_puskesmas", "bulan", "jumlah_balita", "jumlah_stunting"]
    assert [each["code"] for each in seen["missing"]] == [f"P{n:04d}" for n in range(26, 32)]
    said = {each["code"]: each for each in seen["remarks"]}
    assert "6 puskesmas belum mengirim: Puskesmas Contoh 26" in said["unit-missing"]["text"]
    assert "sembilan puluh" in said["type-mixed"]["text"]
    assert said["type-mixed"]["units"] == ["P0007"] and seen["stops"] == 1
    assert shown(cast, recap)["merged_at"] is None, "only looked at"


def test_the_table_of_all_goes_into_the_draft_and_grows_in_its_place(cast: Cast) -> None:
    dataset = cast.make(resources=[])
    recap = begin(cast, 4, dataset)
    for number in (1, 2):
        send(recap, f"P{number:04d}", sheet(number))
    take_all(cast, recap)
    first = call("satudata_recap_merge", cast.produsen, id=recap["id"])
    draft = call("package_show", cast.produsen, id=dataset["id"])
    [resource] = draft["resources"]
    assert draft["cakupan_pelaporan"] == [
        {"diterima": 2, "seharusnya": 4, "satuan": "puskesmas"}]
    setoran = call("satudata_intake_show", cast.walidata, id=first["intake_id"])
    assert (setoran["way"], setoran["state"]) == ("rekap", "diterima")
    assert setoran["note"].startswith("Rekap 2 dari 4 puskesmas.\n2 puskesmas belum mengirim:")
    assert setoran["sent_by"]["name"] == cast.produsen["name"]
    lines = b"".join(blobs.open(setoran["sha256"])).decode("utf-8-sig").splitlines()
    assert lines[:2] == ["kode_puskesmas,nama_puskesmas,bulan,jumlah_balita,jumlah_stunting",
                         "P0001,Puskesmas Contoh 1,Januari,107,11"]
    assert len(lines) == 7
    assert shown(cast, recap)["new_since_merge"] == 0

    send(recap, "P0003", sheet(3))
    assert take_all(cast, recap)["new_since_merge"] == 1
    again = call("satudata_recap_merge", cast.produsen, id=recap["id"])
    draft = call("package_show", cast.produsen, id=dataset["id"])
    assert [each["id"] for each in draft["resources"]] == [resource["id"]]
    assert draft["cakupan_pelaporan"][0]["diterima"] == 3 and again["rows"] == 9
    assert shown(cast, recap)["intake_id"] == again["intake_id"] != first["intake_id"]


def test_what_is_still_being_read_is_not_accepted_yet(cast: Cast) -> None:
    recap = begin(cast, 2)
    waiting = send(recap, "P0001", sheet(1), worker=False)
    assert stands(shown(cast, recap))["P0001"] == "dibaca"
    with pytest.raises(tk.ValidationError, match="masih dibaca"):
        call("satudata_intake_accept", cast.produsen, id=waiting["id"])
    after = take_all(cast, recap)
    assert (after["accepted"], after["refused"]) == ([], ["Puskesmas Contoh 1"])
    read(waiting["id"])
    assert take_all(cast, recap)["accepted"] == ["Puskesmas Contoh 1"]


def test_two_people_do_not_merge_at_once(cast: Cast) -> None:
    recap = begin(cast, 2)
    send(recap, "P0001", sheet(1))
    take_all(cast, recap)
    with joining._alone(recap["id"]), pytest.raises(tk.ValidationError) as caught:
        call("satudata_recap_merge", cast.produsen, id=recap["id"])
    assert caught.value.error_dict["conflict"] == "state"
    assert call("satudata_recap_merge", cast.produsen, id=recap["id"])["received"] == 1


def test_data_that_is_being_inspected_takes_no_recap(cast: Cast) -> None:
    dataset = cast.make()
    recap = begin(cast, 2, dataset)
    send(recap, "P0001", sheet(1))
    take_all(cast, recap)
    submission = call("satudata_submission_show", cast.produsen, id=dataset["id"])
    cast.step(cast.produsen, submission["id"], "ajukan")
    with pytest.raises(tk.ValidationError) as caught:
        call("satudata_recap_merge", cast.produsen, id=recap["id"])
    assert caught.value.error_dict["conflict"] == "state"
    assert call("satudata_intake_list", cast.produsen, id=dataset["id"])["count"] == 1


def take_all(cast: Cast, recap: dict[str, Any]) -> dict[str, Any]:
    """Accept what came, also what asks something."""
    codes = [each["code"] for each in recap["units"]]
    return call("satudata_recap_accept", cast.produsen, id=recap["id"], units=codes)


def test_nothing_to_merge_is_said(cast: Cast) -> None:
    recap = begin(cast, 2)
    with pytest.raises(tk.ValidationError, match="Belum ada kiriman"):
        call("satudata_recap_merge", cast.produsen, id=recap["id"], dry_run=True)


def test_a_purged_dataset_leaves_no_recap(cast: Cast) -> None:
    recap = begin(cast, 2)
    ended.send(recap["package_id"], actor=factories.User()["id"])
    model.Session.commit()
    assert model.Session.get(Recap, recap["id"]) is None


def test_next_years_recap_takes_the_place_of_the_published_table(cast: Cast) -> None:
    dataset = cast.make(resources=[], name="stunting-puskesmas")
    for year, numbers in (("2025", (1, 2, 3)), ("2026", (1, 3))):
        recap = begin(cast, 3, dataset, title=f"Balita stunting {year}")
        for number in numbers:
            send(recap, f"P{number:04d}", sheet(number))
        take_all(cast, recap)
        made = call("satudata_recap_merge", cast.produsen, id=recap["id"])
        work()
        if year == "2025":
            [first] = call("package_show", cast.produsen, id=dataset["id"])["resources"]
            cast.set_aside(dataset["id"])
            publish(cast, dataset["id"])
    copy = call("package_show", cast.produsen, id=made["content_id"])
    assert copy["id"] != dataset["id"], "what is public stays until the next version is"
    [resource] = copy["resources"]
    assert resource["asal_resource_id"] == first["id"]
    assert [row[0] for row in rows_of(resource["id"])] == ["P0001"] * 3 + ["P0003"] * 3
    assert types_of(resource["id"]) == {
        "kode_puskesmas": "text", "nama_puskesmas": "text", "bulan": "text",
        "jumlah_balita": "bigint", "jumlah_stunting": "bigint"}
    assert copy["cakupan_pelaporan"][0]["diterima"] == 2
    public = call("package_show", None, id=dataset["id"])
    assert public["cakupan_pelaporan"][0]["diterima"] == 3
    assert len(rows_of(first["id"])) == 9
