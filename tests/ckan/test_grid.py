"""The small grid: begun from the last table, kept for all who write it, handed in as its CSV."""
from __future__ import annotations

import io
import json
from typing import Any

import ckan.logic
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from at_once import at_once
from ckan import model
from werkzeug.datastructures import FileStorage
from workflow_cast import Cast, Data, call, people

from ckanext.satudata.entry_sheets import grid_purged
from ckanext.satudata.entry_sheets.grid_model import GridDraft
from ckanext.satudata.shared import moment

pytestmark = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
    pytest.mark.ckan_config("ckanext.satudata.wilayah", "36.04"),
]
made, cast = people()
SCHEMA = {"fields": [
    {"name": "tahun", "type": "year"},
    {"name": "kode_wilayah", "type": "string", "kode_referensi": "wilayah"},
    {"name": "kecamatan", "type": "string"},
    {"name": "jumlah", "type": "integer", "satuan": "orang"}]}
CSV = "tahun,kode_wilayah,kecamatan,jumlah\n2024,36.04.05,Kramatwatu,1200\n2024,36.04.06,A,\n"
FILLED = [["2025", "36.04.05", "Kramatwatu", "1.300"], ["2025", "36.04.06", "A", ""]]


class Intake:
    """Takes what is handed in as the intake does, and keeps it to be looked at."""

    def __init__(self) -> None:
        self.sent: list[Data] = []
        self.fails: Exception | None = None

    def create(self, context: Any, data_dict: Data) -> Data:
        assert context["user"] and not context.get("ignore_auth")
        self.sent.append(data_dict)
        return {"id": "x", "package_id": data_dict["id"], "resources": [], "state": "menunggu"}

    def accept(self, context: Any, data_dict: Data) -> Data:
        if self.fails is not None:
            raise self.fails
        return {"id": "x", "package_id": self.sent[-1]["id"], "resources": [],
                "state": "diterima"}


@pytest.fixture
def intake(monkeypatch: pytest.MonkeyPatch) -> Intake:
    found = Intake()
    tk.get_action("package_show")  # so that the table of actions is there
    monkeypatch.setitem(ckan.logic._actions, "satudata_intake_create", found.create)
    monkeypatch.setitem(ckan.logic._actions, "satudata_intake_accept", found.accept)
    return found


def table(cast: Cast, content: str = CSV, schema: Data = SCHEMA, **more: Any) -> Data:
    """Return a draft with a clean table."""
    data = cast.make(resources=[], **more)
    call("resource_create", cast.produsen, package_id=data["id"], name="Kunjungan", format="CSV",
         skema=json.dumps(schema), upload=FileStorage(io.BytesIO(content.encode()), "data.csv"))
    return call("package_show", cast.produsen, id=data["id"])


def published(cast: Cast, **more: Any) -> Data:
    data = table(cast, **more)
    cast.set_aside(data["id"])
    cast.through(data["id"], ("produsen", "ajukan"), ("walidata", "periksa"),
                 ("walidata", "setujui"), ("walidata", "terbitkan"))
    return call("package_show", cast.produsen, id=data["id"])


def kept(cast: Cast, data: Data, rows: list[list[str]], who: str = "produsen", **more: Any) -> Data:
    shown = call("satudata_grid_show", cast.people[who], id=data["id"])
    return call("satudata_grid_update", cast.people[who], **{
        "id": data["id"], "draft_id": shown["draft_id"], "version": shown["version"],
        "rows": rows, **more})


def test_after_a_release_it_begins_with_the_next_year(cast: Cast) -> None:
    data = published(cast)
    shown = call("satudata_grid_show", cast.produsen, id=data["name"])
    assert (shown["mode"], shown["version"], shown["draft_id"], shown["last_period"]) == (
        "lanjut", 0, None, "2024")
    assert shown["rows"] == [["2025", "36.04.05", "Kramatwatu", ""], ["2025", "36.04.06", "A", ""]]
    columns = {each["name"]: each for each in shown["columns"]}
    assert len(columns["kode_wilayah"]["options"]) == 29 and columns["kode_wilayah"]["closed"]
    assert columns["jumlah"]["figure"] and columns["jumlah"]["unit"] == "orang"


def test_a_draft_gives_its_own_rows_to_change(cast: Cast) -> None:
    shown = call("satudata_grid_show", cast.produsen, id=table(cast)["id"])
    assert shown["mode"] == "ubah"
    assert shown["rows"][0] == ["2024", "36.04.05", "Kramatwatu", "1.200"]


def test_a_new_dataset_begins_with_its_areas_and_year(cast: Cast) -> None:
    data = cast.make()
    shown = call("satudata_grid_show", cast.produsen, id=data["id"])
    assert shown["mode"] == "kosong" and len(shown["rows"]) == 29
    assert [each["name"] for each in shown["columns"]] == [
        "tahun", "kode_wilayah", "nama_wilayah", "jumlah"]
    assert shown["rows"][0][0] == "2025" and shown["columns"][3]["unit"] == "kunjungan"
    made = call("satudata_grid_update", cast.produsen, id=data["id"], version=0, columns=[
        {"title": "Tahun", "type": "year"}, {"title": "Jumlah (kunjungan)", "type": "integer"}],
        rows=[["2025", "7"]])
    assert made["names"] == ["tahun", "jumlah_kunjungan"]
    again = call("satudata_grid_show", cast.produsen, id=data["id"])
    assert again["rows"] == [["2025", "7"]] and again["columns"][1]["title"] == "Jumlah (kunjungan)"


def test_a_table_of_over_500_rows_comes_as_a_template(cast: Cast) -> None:
    rows = "".join(f"2024,36.04.05,desa {n},1\n" for n in range(501))
    shown = call("satudata_grid_show", cast.produsen,
                 id=table(cast, CSV.splitlines()[0] + "\n" + rows)["id"])
    assert shown["too_large"] and shown["count"] == 501 and shown["rows"] == []


def test_what_is_kept_is_there_again_for_all_who_write_it(cast: Cast) -> None:
    data = table(cast)
    first = kept(cast, data, FILLED)
    seen = call("satudata_grid_show", cast.rekan, id=data["id"])
    assert (seen["draft_id"], seen["version"], seen["rows"]) == (first["draft_id"], 1, FILLED)
    assert seen["updated_by"]["name"] == "produsen"
    wrong = [["satu", "", "", "12,5"]]
    kept(cast, data, wrong, "rekan")
    assert call("satudata_grid_show", cast.produsen, id=data["id"])["rows"] == wrong


def test_two_people_on_one_grid_lose_nothing(cast: Cast) -> None:
    data = table(cast)
    first = kept(cast, data, FILLED)
    call("satudata_grid_update", cast.rekan, id=data["id"], draft_id=first["draft_id"], version=1,
         rows=[["2025", "36.04.05", "dari rekan", "1"]])
    mine: Data = {"id": data["id"], "draft_id": first["draft_id"], "version": 1, "rows": FILLED}
    with pytest.raises(tk.ValidationError) as told:
        call("satudata_grid_update", cast.produsen, **mine)
    assert told.value.error_dict["conflict"] == "version"
    assert told.value.error_dict["version"] == 2 and "rekan" in told.value.error_dict["message"][0]
    copy = call("satudata_grid_update", cast.produsen, **mine, copy=True)
    shown = call("satudata_grid_show", cast.produsen, id=data["id"], draft_id=copy["draft_id"])
    assert shown["rows"] == FILLED and len(shown["drafts"]) == 2
    assert call("satudata_grid_show", cast.rekan, id=data["id"],
                draft_id=first["draft_id"])["rows"][0][2] == "dari rekan"


def test_two_who_begin_at_once_begin_one_grid(cast: Cast, app: Any) -> None:
    data = table(cast)
    given = {"id": data["id"], "version": 0, "rows": FILLED}
    answers = at_once(app, [
        lambda: call("satudata_grid_update", cast.produsen, **given),
        lambda: call("satudata_grid_update", cast.rekan, **given)])
    assert sorted(answers.values()) == [1, 1] and len(answers) == 2
    shown = call("satudata_grid_show", cast.produsen, id=data["id"])
    assert len(shown["drafts"]) == 1 and shown["version"] == 1


def test_handing_in_makes_the_csv_of_the_table_and_ends_the_grid(
    cast: Cast, intake: Intake
) -> None:
    data = table(cast)
    draft = kept(cast, data, [*FILLED, ["", "", " ", ""]])
    call("satudata_grid_submit", cast.produsen, id=data["id"], draft_id=draft["draft_id"],
         version=1)
    (sent,) = intake.sent
    assert (sent["way"], sent["replaces"]) == ("petak", data["resources"][0]["id"])
    assert sent["filename"].startswith("petak-") and sent["filename"].endswith(".csv")
    assert sent["content"].decode() == (
        "tahun,kode_wilayah,kecamatan,jumlah\n2025,36.04.05,Kramatwatu,1300\n2025,36.04.06,A,\n")
    assert call("satudata_grid_show", cast.produsen, id=data["id"])["drafts"] == []


def test_a_released_table_is_replaced_in_its_revision(cast: Cast, intake: Intake) -> None:
    data = published(cast)
    draft = kept(cast, data, FILLED)
    call("satudata_grid_submit", cast.produsen, id=data["id"], draft_id=draft["draft_id"],
         version=1)
    place = model.Resource.get(intake.sent[0]["replaces"])
    assert place.package_id != data["id"]
    assert place.extras["asal_resource_id"] == data["resources"][0]["id"]


def test_rows_of_earlier_years_stay_in_a_table_of_several(cast: Cast, intake: Intake) -> None:
    older = CSV + "2023,36.04.05,Kramatwatu,1100\n"
    data = published(cast, content=older)
    shown = call("satudata_grid_show", cast.produsen, id=data["id"])
    assert shown["kept_rows"] == 3 and len(shown["rows"]) == 2
    draft = kept(cast, data, FILLED)
    call("satudata_grid_submit", cast.produsen, id=data["id"], draft_id=draft["draft_id"],
         version=1)
    assert intake.sent[0]["content"].decode() == older + (
        "2025,36.04.05,Kramatwatu,1300\n2025,36.04.06,A,\n")


def test_a_wrong_cell_is_named_and_nothing_is_handed_in(cast: Cast, intake: Intake) -> None:
    data = table(cast)
    for rows, says in (([["2025", "36.04.05", "A", "12,5"]], "Baris 1, kolom jumlah: “12,5” bukan"),
                       ([["2025", "99", "A", "1"]], "kolom kode wilayah: “99” tidak ada"),
                       ([["", "", "", ""]], "masih kosong"), ([], "masih kosong")):
        draft = kept(cast, data, rows)
        with pytest.raises(tk.ValidationError) as told:
            call("satudata_grid_submit", cast.produsen, id=data["id"], draft_id=draft["draft_id"],
                 version=draft["version"])
        assert says in told.value.error_dict["rows"][0]
    assert intake.sent == []


def test_a_hand_in_that_fails_leaves_the_grid_as_it_was(cast: Cast, intake: Intake) -> None:
    data = table(cast)
    draft = kept(cast, data, FILLED)
    intake.fails = tk.ValidationError({"upload": ["penyimpanan penuh"]})
    given = {"id": data["id"], "draft_id": draft["draft_id"], "version": 1}
    with pytest.raises(tk.ValidationError, match="penuh"):
        call("satudata_grid_submit", cast.produsen, **given)
    with pytest.raises(tk.ValidationError, match="lebih dahulu"):
        call("satudata_grid_submit", cast.produsen, **{**given, "version": 7})
    intake.fails = tk.ValidationError({"conflict": "state", "message": ["sedang diperiksa"]})
    assert call("satudata_grid_submit", cast.produsen, **given)["state"] == "menunggu"


@pytest.mark.parametrize("who", ["tetangga", "anggota", "pembina", "warga", None])
def test_who_may_not_write_it_sees_and_writes_no_grid(cast: Cast, who: str | None) -> None:
    data = table(cast)
    draft = kept(cast, data, FILLED)
    mine = {"id": data["id"], "draft_id": draft["draft_id"], "version": 1, "rows": []}
    for action in ("show", "update", "discard", "submit"):
        with pytest.raises(tk.NotAuthorized):
            call(f"satudata_grid_{action}", who and cast.people[who], **mine)
    other = cast.make()
    for action in ("show", "update", "discard", "submit"):
        with pytest.raises(tk.ObjectNotFound):
            call(f"satudata_grid_{action}", cast.produsen, **{**mine, "id": other["id"]})


@pytest.mark.parametrize("given", [
    {"rows": "a"}, {"rows": [["a"]]}, {"rows": [[1, 2, 3, 4]]}, {"rows": [["", "", "", ""]] * 501},
    {"rows": [["x" * 600, "", "", ""]] * 500 + [["x" * 300_000, "", "", ""]]},
    {"rows": FILLED, "version": "a"}, {"rows": FILLED, "version": {}},
    {"rows": FILLED, "mode": "lain"}, {"rows": FILLED, "table": ["x"]}, {}])
def test_what_is_no_grid_is_refused(cast: Cast, given: Data) -> None:
    with pytest.raises((tk.ValidationError, tk.ObjectNotFound)):
        call("satudata_grid_update", cast.produsen, id=table(cast)["id"], **given)


def test_copies_end_somewhere_and_a_grid_may_be_thrown_away(cast: Cast) -> None:
    data = table(cast)
    draft = kept(cast, data, FILLED)
    for _ in range(19):
        call("satudata_grid_update", cast.rekan, id=data["id"], version=0, rows=FILLED, copy=True)
    with pytest.raises(tk.ValidationError, match="Sudah ada 20"):
        call("satudata_grid_update", cast.rekan, id=data["id"], version=0, rows=FILLED, copy=True)
    with pytest.raises(tk.ValidationError, match="lebih dahulu"):
        call("satudata_grid_discard", cast.produsen, id=data["id"], draft_id=draft["draft_id"],
             version=9)
    call("satudata_grid_discard", cast.produsen, id=data["id"], draft_id=draft["draft_id"],
         version=1)
    assert len(call("satudata_grid_show", cast.produsen, id=data["id"])["drafts"]) == 19


def test_grids_go_with_their_data_and_after_a_year(cast: Cast) -> None:
    data, other = table(cast), table(cast)
    kept(cast, data, FILLED)
    kept(cast, other, FILLED)
    call("dataset_purge", cast.boss, id=data["id"])
    mine = sa.select(GridDraft.package_id).where(
        GridDraft.package_id.in_([data["id"], other["id"]]))
    assert model.Session.scalars(mine).all() == [other["id"]]
    grid_purged.forget_old(moment.now())
    assert model.Session.scalars(mine).all() == [other["id"]]
    grid_purged.forget_old(moment.now() + 2 * grid_purged.KEPT)
    assert model.Session.scalars(mine).all() == []


def token(cast: Cast, name: str) -> dict[str, str]:
    user = cast.people[name]
    return {"Authorization": tk.get_action("api_token_create")(
        {"ignore_auth": True, "user": user["name"]}, {"user": user["name"], "name": "t"})["token"]}


def test_the_page_saves_tells_of_another_and_hands_in(
    cast: Cast, app: Any, intake: Intake
) -> None:
    data = table(cast)
    url, mine = f"/dataset/{data['name']}/petak", token(cast, "produsen")
    page = app.get(url, headers=mine).body
    assert "Baris tabel di draf ini" in page and "perlu JavaScript" in page
    assert "templat.xlsx" in page and "/tempel" in page
    saved = app.post(f"{url}/simpan", headers=mine, json={"rows": FILLED, "version": 0}).json
    assert saved["version"] == 1
    told = app.post(f"{url}/simpan", headers=token(cast, "rekan"), json={
        "rows": [], "version": 0, "draft_id": saved["draft_id"]})
    assert told.status_code == 409 and told.json["conflict"] == "version"
    assert told.json["version"] == 1 and "lebih dahulu" in told.json["message"]
    app.post(f"{url}/simpan", headers=mine, json={
        "rows": [["dua", "36.04.05", "</script><b>", "12,5"]], "version": 1,
        "draft_id": saved["draft_id"]})
    form = {"draft_id": saved["draft_id"], "version": "2"}
    answer = app.post(f"{url}/kirim", headers=mine, data=form)
    assert answer.status_code == 400 and intake.sent == []
    assert "Baris 1, kolom tahun: “dua” bukan tahun." in answer.body
    assert "</script><b>" not in answer.body
    app.post(f"{url}/simpan", headers=mine, json={"rows": FILLED, **form})
    answer = app.post(f"{url}/kirim", headers=mine, data={**form, "version": "3"},
                      follow_redirects=False)
    assert answer.status_code == 302 and len(intake.sent) == 1
    assert app.get(f"{url}?draf={saved['draft_id']}", headers=mine).status_code == 404


def test_the_page_of_a_long_table_offers_the_template(cast: Cast, app: Any) -> None:
    rows = "".join(f"2024,36.04.05,desa {n},1\n" for n in range(501))
    data = table(cast, CSV.splitlines()[0] + "\n" + rows)
    page = app.get(f"/dataset/{data['name']}/petak", headers=token(cast, "produsen")).body
    assert "terlalu panjang untuk diisi di petak" in page and "templat.xlsx" in page
    assert "data-es-grid" not in page


def test_a_grid_is_thrown_away_only_as_it_was_seen(cast: Cast, app: Any) -> None:
    data = table(cast)
    url, mine = f"/dataset/{data['name']}/petak", token(cast, "produsen")
    draft = kept(cast, data, FILLED)
    for version, says in (("7", "sudah berubah"), ("1", "Isian itu dihapus")):
        page = app.post(f"{url}/buang", headers=mine, data={
            "draft_id": draft["draft_id"], "version": version})
        assert says in page.body
    assert call("satudata_grid_show", cast.produsen, id=data["id"])["drafts"] == []


@pytest.mark.parametrize("who", ["tetangga", "anggota", "pembina", "warga", None])
def test_the_page_is_there_for_nobody_else(cast: Cast, app: Any, who: str | None) -> None:
    url = f"/dataset/{table(cast)['name']}/petak"
    headers = token(cast, who) if who else {}
    assert app.get(url, headers=headers).status_code == 404
    assert app.post(f"{url}/simpan", headers=headers, json={"rows": []}).status_code == 403
    for part in ("kirim", "buang"):
        assert app.post(f"{url}/{part}", headers=headers, data={}).status_code == 404


@pytest.mark.parametrize(("sent", "status"), [
    (b"[]", 400), (b"{", 400), (b"\xff", 400), (b'{"rows": 1}', 400),
    (b'{"rows": [["' + b"a" * 2_100_000 + b'"]]}', 413)])
def test_what_is_no_grid_is_told_in_json(cast: Cast, app: Any, sent: bytes, status: int) -> None:
    answer = app.post(f"/dataset/{table(cast)['name']}/petak/simpan", data=sent, headers={
        **token(cast, "produsen"), "Content-Type": "application/json"})
    assert answer.status_code == status and answer.json["message"]
