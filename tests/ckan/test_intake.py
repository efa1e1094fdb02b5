"""What is handed in is kept as it came, read at once, and waits; only who writes the data decides.
"""
from __future__ import annotations

import datetime as dt
import hashlib
import io
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from statements import listened
from werkzeug.datastructures import FileStorage
from workflow_cast import Cast, Data, call, people

from ckanext.satudata.inspection import job, store
from ckanext.satudata.intake import service
from ckanext.satudata.intake.model import Intake
from ckanext.satudata.shared import blob_ledger, moment

pytestmark = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
SHEET = (b"DAFTAR KUNJUNGAN\n\nKecamatan;Kunjungan\nAnyar;1.204\nCinangka;-\n"
         b"Bojonegara;988\nJumlah;2.192\n")
made, cast = people()


def upload(content: bytes = SHEET, name: str = "Kunjungan FIX (2).csv") -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


def hand_in(cast: Cast, who: Any = None, dataset: Data | None = None, **more: Any) -> Data:
    dataset = dataset or cast.make(resources=[])
    more.setdefault("upload", upload())
    return call("satudata_intake_create", who or cast.produsen, id=dataset["id"], **more)


def read(setoran: Data, who: Any) -> Data:
    """Let a worker read it; return it as it is then."""
    for each in store.waiting(f"setoran/{setoran['id']}"):
        job.run(each.id)
    return call("satudata_intake_show", who, id=setoran["id"])


def test_a_file_is_kept_as_it_came_and_read(cast: Cast) -> None:
    dataset = cast.make(resources=[])
    sent = hand_in(cast, dataset=dataset, note="dari lapangan")
    assert (sent["state"], sent["way"], sent["size"]) == ("menunggu", "unggah", len(SHEET))
    assert sent["sha256"] == hashlib.sha256(SHEET).hexdigest()
    assert sent["sent_by"]["name"] == cast.produsen["name"]
    shown = read(sent, cast.produsen)
    table = shown["inspection"]["report"]["tables"][0]
    assert shown["inspection"]["state"] == "selesai"
    assert table["rows"][0]["kunjungan"] == 1204
    assert len(table["rows"]) == 3
    assert table["questions"]
    # The draft knows nothing of it yet.
    assert call("package_show", cast.produsen, id=dataset["id"])["resources"] == []
    assert call("satudata_submission_show", cast.produsen, id=dataset["id"])["findings"] == []
    assert call("satudata_inspection_list", cast.produsen, id=dataset["id"])["results"] == []


def test_the_api_takes_text_too(cast: Cast) -> None:
    sent = hand_in(cast, upload=None, content="tahun,jumlah\n2025,1\n", filename="../a/data.csv")
    assert sent["filename"] == "data.csv"


@pytest.mark.parametrize(("more", "field"), [
    ({"upload": None}, "upload"),
    ({"upload": None, "content": "", "filename": "a.csv"}, "upload"),
    ({"upload": None, "content": "a\n1\n"}, "upload"),
    ({"upload": None, "content": ["a"], "filename": "a.csv"}, "upload"),
    ({"upload": FileStorage(io.BytesIO(b""), filename="a.csv")}, "upload"),
    ({"upload_id": "x"}, "upload"),
    ({"note": "x" * 2001}, "note"),
    ({"way": "tautan"}, "way"),
    ({"way": ["rekap"]}, "way"),
])
def test_what_is_no_file_is_refused_by_field(cast: Cast, more: Data, field: str) -> None:
    with pytest.raises(tk.ValidationError) as caught:
        hand_in(cast, **{"upload": upload(), **more})
    assert field in caught.value.error_dict


def test_who_does_not_write_the_data_neither_sends_nor_sees(cast: Cast) -> None:
    dataset = cast.make(resources=[])
    sent = hand_in(cast, dataset=dataset)
    stranger = factories.User()
    for action, more in (
            ("satudata_intake_create", {"id": dataset["id"], "upload": upload()}),
            ("satudata_intake_list", {"id": dataset["id"]}),
            *((f"satudata_intake_{each}", {"id": sent["id"]}) for each in (
                "show", "accept", "discard", "restore", "correct"))):
        with pytest.raises(tk.NotAuthorized):
            call(action, stranger, **more)
        with pytest.raises(tk.NotAuthorized):
            call(action, None, **more)
    with pytest.raises(tk.NotAuthorized):  # in the words of what is not theirs
        call("satudata_intake_show", cast.produsen, id="no-such")
    with pytest.raises(tk.NotAuthorized):
        call("satudata_inspection_show", stranger, resource_id=f"setoran/{sent['id']}")


def test_the_inspector_sees_and_does_not_decide(cast: Cast) -> None:
    sent = hand_in(cast)
    assert call("satudata_intake_show", cast.walidata, id=sent["id"])["id"] == sent["id"]


def test_thrown_away_and_brought_back(cast: Cast) -> None:
    sent = hand_in(cast)
    gone = call("satudata_intake_discard", cast.produsen, id=sent["id"], note="salah tahun")
    assert (gone["state"], gone["note"]) == ("dibuang", "salah tahun")
    with pytest.raises(tk.ValidationError) as caught:
        call("satudata_intake_discard", cast.produsen, id=sent["id"])
    assert caught.value.error_dict["conflict"] == "state"
    back = call("satudata_intake_restore", cast.produsen, id=sent["id"])
    assert (back["state"], back["decided_by"]) == ("menunggu", None)
    listed = call("satudata_intake_list", cast.produsen, id=sent["package_id"])
    assert listed["counts"] == {"menunggu": 1, "diterima": 0, "dibuang": 0}
    assert [each["id"] for each in listed["results"]] == [sent["id"]]
    assert call("satudata_intake_list", cast.produsen, id=sent["package_id"],
                state="dibuang")["results"] == []


def test_a_long_list_asks_the_database_no_more_than_a_short_one(cast: Cast) -> None:
    dataset = cast.make(resources=[])

    def asked() -> tuple[Data, int]:
        model.Session.expire_all()
        with listened() as statements:
            found = call("satudata_intake_list", cast.produsen, id=dataset["id"])
        return found, len(statements)

    first = hand_in(cast, dataset=dataset)
    read(first, cast.produsen)
    _short, few = asked()
    for number in range(6):
        read(hand_in(cast, dataset=dataset, upload=upload(SHEET + b"Kasemen;%d\n" % number)),
             cast.produsen)
    gone = hand_in(cast, dataset=dataset)
    call("satudata_intake_discard", cast.produsen, id=gone["id"])
    service.forget_discarded(moment.now() + service.KEPT + dt.timedelta(hours=1))
    found, many = asked()
    assert many == few
    by_id = {each["id"]: each["inspection"] for each in found["results"]}
    assert len(by_id) == 8 and by_id.pop(gone["id"]) is None  # its file is let go
    assert {each["state"] for each in by_id.values()} == {"selesai"}
    shown = call("satudata_intake_show", cast.produsen, id=first["id"])["inspection"]
    assert by_id[first["id"]].items() <= shown.items()


def test_what_was_thrown_away_long_ago_is_let_go(cast: Cast) -> None:
    sent = hand_in(cast, upload=upload(SHEET + b"Kramatwatu;7\n"))
    call("satudata_intake_discard", cast.produsen, id=sent["id"])
    service.forget_discarded(moment.now() + service.KEPT - dt.timedelta(hours=1))
    assert blob_ledger.referred([sent["sha256"]])
    service.forget_discarded(moment.now() + service.KEPT + dt.timedelta(hours=1))
    model.Session.expire_all()
    assert not blob_ledger.referred([sent["sha256"]])
    assert call("satudata_intake_show", cast.produsen, id=sent["id"])["inspection"] is None
    with pytest.raises(tk.ValidationError):
        call("satudata_intake_restore", cast.produsen, id=sent["id"])


def test_the_sender_answers_and_it_is_read_again(cast: Cast) -> None:
    sent = read(hand_in(cast), cast.produsen)
    table = sent["inspection"]["report"]["tables"][0]
    asked = table["questions"][0]
    recipe = {"version": 1, "tables": [{
        "fingerprint": table["fingerprint"],
        "answers": {asked["key"]: asked["choices"][0]["code"]}}]}
    call("satudata_intake_correct", cast.produsen, id=sent["id"], recipe=recipe)
    again = read(sent, cast.produsen)["inspection"]["report"]["tables"][0]
    assert [each["answer"] for each in again["questions"] if each["key"] == asked["key"]] == [
        asked["choices"][0]["code"]]
    with pytest.raises(tk.ValidationError):
        call("satudata_intake_correct", cast.produsen, id=sent["id"], recipe={"tables": "x"})
    # The dataset's own corrections are untouched until it is taken.
    assert call("satudata_recipe_show", cast.produsen,
                id=sent["package_id"])["recipe"]["tables"] == []


def test_no_setoran_survives_its_dataset(cast: Cast) -> None:
    dataset = cast.make(resources=[])
    sent = hand_in(cast, dataset=dataset)
    tk.get_action("package_delete")({"user": cast.boss["name"]}, {"id": dataset["id"]})
    tk.get_action("dataset_purge")({"user": cast.boss["name"]}, {"id": dataset["id"]})
    model.Session.expire_all()
    assert model.Session.get(Intake, sent["id"]) is None


def test_the_file_as_it_came_is_for_who_writes_and_inspects(app: Any, cast: Cast) -> None:
    dataset = cast.make(resources=[])
    sent = hand_in(cast, dataset=dataset)
    url = f"/dataset/{dataset['name']}/setoran/{sent['id']}/berkas"
    for who in (cast.produsen, cast.walidata):
        answer = app.get(url, headers=signed_in(who))
        assert answer.body.encode() == SHEET
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert "no-store" in answer.headers["Cache-Control"]
    app.get(url, status=404)
    app.get(url, headers=signed_in(factories.User()), status=404)


def signed_in(user: Data) -> dict[str, str]:
    token = tk.get_action("api_token_create")(
        {"ignore_auth": True, "user": user["name"]}, {"user": user["name"], "name": "t"})["token"]
    return {"Authorization": token}


def test_taken_into_the_draft_it_is_a_clean_table(cast: Cast) -> None:
    dataset = cast.make(resources=[])
    sent = hand_in(cast, dataset=dataset, accept=True)
    assert sent["state"] == "diterima"
    found = call("package_show", cast.produsen, id=dataset["id"])["resources"]
    assert [each["id"] for each in found] == sent["resources"]
    assert found[0]["format"] == "CSV"
    rows = call("datastore_search", cast.produsen, resource_id=found[0]["id"])
    assert [each["kunjungan"] for each in rows["records"]] == [1204, None, 988]
    with pytest.raises(tk.ValidationError):
        call("satudata_intake_accept", cast.produsen, id=sent["id"])


def test_what_the_sender_answered_goes_along(cast: Cast) -> None:
    sent = read(hand_in(cast), cast.produsen)
    table = sent["inspection"]["report"]["tables"][0]
    asked = table["questions"][0]
    call("satudata_intake_correct", cast.produsen, id=sent["id"], recipe={"tables": [{
        "fingerprint": table["fingerprint"],
        "answers": {asked["key"]: "nol"}}]})
    taken = call("satudata_intake_accept", cast.produsen, id=sent["id"])
    rows = call("datastore_search", cast.produsen, resource_id=taken["resources"][0])
    assert [each["kunjungan"] for each in rows["records"]] == [1204, 0, 988]


def test_nothing_is_taken_while_the_data_is_being_inspected(cast: Cast) -> None:
    dataset = cast.make(resources=[])
    hand_in(cast, dataset=dataset, upload=upload(b"tahun,jumlah\n2025,10\n", "a.csv"),
            accept=True)
    waits = hand_in(cast, dataset=dataset)
    cast.through(dataset["id"], ("produsen", "ajukan"))
    with pytest.raises(tk.ValidationError) as caught:
        call("satudata_intake_accept", cast.produsen, id=waits["id"])
    assert caught.value.error_dict["conflict"] == "state"
    assert call("satudata_intake_show", cast.produsen, id=waits["id"])["state"] == "menunggu"
