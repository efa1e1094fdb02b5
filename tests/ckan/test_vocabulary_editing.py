"""A walidata changes the lists: who may, what is kept, who knows it when, and what it touches."""
from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
import time
from typing import Any

import ckan.model as model
import pytest
import sqlalchemy as sa
from ckan.plugins import toolkit as tk
from ckan.tests import factories, helpers
from role_samples import give, make_places, member, place_of, scope_of
from werkzeug.datastructures import FileStorage

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.roles import Role
from ckanext.satudata.domain.standing import grantable
from ckanext.satudata.federation.site import fingerprint
from ckanext.satudata.shared.audit import Event
from ckanext.satudata.vocabulary.current import SECONDS, current

pytestmark = [
    pytest.mark.usefixtures("clean_db", "with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
BAKUL = {"code": "bakul", "label_id": "Bakul", "label_en": "Basket", "aliases": ["wakul"]}


@pytest.fixture(autouse=True)
def as_delivered(clean_db: None) -> None:
    current.refresh()


@pytest.fixture
def walidata(admin: dict[str, Any]) -> dict[str, Any]:
    make_places(admin)
    user = member("diskominfo")
    give(admin, user=user["name"], role="walidata", decree="SK 1")
    return user


def call(user: dict[str, Any] | None, action: str, **data: Any) -> Any:
    return helpers.call_action(
        f"satudata_vocabulary_{action}",
        {"user": user["name"] if user else "", "ignore_auth": False}, **data)


def change(user: dict[str, Any], *rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    return call(user, "update", name="satuan", rows=list(rows), **more)


def test_a_change_is_a_version_that_everything_goes_by_at_once(walidata: dict[str, Any]) -> None:
    before = fingerprint()
    told = change(walidata, BAKUL, {"code": "persen", "note": "Bagian dari seratus."},
                  expected_version=0, note="Dinas perdagangan")
    assert told["version"] == 1 and told["counts"]["new"] == told["counts"]["changed"] == 1
    satuan = vocabulary.get("satuan")
    assert (satuan.version, satuan["bakul"].label("en")) == (1, "Basket")
    assert satuan.modified is not None
    assert satuan["persen"].note == "Bagian dari seratus."
    shown = helpers.call_action("satudata_vocabulary_show", name="satuan", code="bakul")
    assert shown["results"][0]["aliases"] == ["wakul"]
    assert fingerprint() != before  # so the feed describes everything anew
    assert {each["value"] for each in tk.h.satudata_choices("satuan")} >= {"bakul"}
    event = model.Session.scalars(sa.select(Event).where(Event.kind == "kosakata")).one()
    assert event.actor_id == walidata["id"] and event.data["number"] == 1


def test_a_retired_code_stays_in_the_data_that_say_it_and_is_offered_no_more(
    walidata: dict[str, Any]
) -> None:
    change(walidata, BAKUL)
    change(walidata, {"code": "bakul", "valid_to": "2024-12-31", "successor": "kilogram"})
    assert "bakul" not in {each["value"] for each in tk.h.satudata_choices("satuan")}
    assert "bakul" in {each["value"] for each in tk.h.satudata_choices("satuan", "bakul")}
    with pytest.raises(tk.ValidationError, match="tidak dipakai lagi untuk arti"):
        change(walidata, {"code": "bakul", "label_id": "Ember", "valid_to": ""})


def test_a_retired_code_is_kept_by_who_has_it_and_taken_by_nobody_else(
    walidata: dict[str, Any], admin: dict[str, Any]
) -> None:
    def act(action: str, **data: Any) -> Any:
        return tk.get_action(action)({"user": admin["name"]}, data)

    office = act("organization_create", name="dinas", title="Dinas", jenis_instansi="badan")
    old = act("package_create", title="Harga beras", owner_org=office["id"],
              kegunaan=["dda", "lppd"])
    new = act("package_create", title="Harga gula", owner_org=office["id"], kegunaan=["lppd"])
    for name, code, heir in (("kegunaan", "dda", "profil_daerah"),
                             ("jenis_instansi", "badan", "")):
        call(walidata, "update", name=name, rows=[
            {"code": code, "valid_to": "2024-12-31", "successor": heir}])
    kept = act("package_patch", id=old["id"], title="Harga beras dan gula")
    assert (kept["kegunaan"], kept["title"]) == (["dda", "lppd"], "Harga beras dan gula")
    act("organization_patch", id=office["id"], title="Badan Dagang")
    office = act("organization_show", id=office["id"])
    assert (office["jenis_instansi"], office["title"]) == ("badan", "Badan Dagang")
    for name, data in (("create", {"title": "Harga lain", "owner_org": office["id"]}),
                       ("patch", {"id": new["id"]})):
        with pytest.raises(tk.ValidationError) as refused:
            act(f"package_{name}", kegunaan=["lppd", "dda"], **data)
        [said] = refused.value.error_dict["kegunaan"]
        assert "tidak berlaku lagi setelah 2024-12-31" in said and "“profil_daerah”" in said
    with pytest.raises(tk.ValidationError) as refused:
        act("organization_create", name="badan-lain", title="Badan", jenis_instansi="badan")
    assert "kode-referensi/jenis_instansi" in refused.value.error_dict["jenis_instansi"][0]
    # The portal's own copies (the next version) and what comes from elsewhere stay as they are.
    check = tk.get_validator("satudata_vocabulary")("jenis_instansi")
    assert check("badan", {"ignore_auth": True}) == "badan"
    act("package_patch", id=old["id"], kegunaan=["lppd"])
    with pytest.raises(tk.ValidationError):
        act("package_patch", id=old["id"], kegunaan=["dda"])


def test_what_was_seen_by_two_is_changed_by_one(walidata: dict[str, Any]) -> None:
    change(walidata, BAKUL, expected_version=0)
    with pytest.raises(tk.ValidationError) as late:
        change(walidata, {**BAKUL, "code": "ember", "label_id": "Ember"}, expected_version=0)
    assert late.value.error_dict["conflict"] == "version"
    assert "versi 1" in late.value.error_dict["message"][0]
    assert "ember" not in vocabulary.get("satuan")


def test_two_at_once_make_one_version_and_one_refusal(walidata: dict[str, Any]) -> None:
    ended: list[str] = []
    start = threading.Barrier(2)

    def write(number: int) -> None:
        start.wait(10)
        try:
            change(walidata, {"code": f"k{number}", "label_id": f"Kode {number}"},
                   expected_version=0)
            ended.append("done")
        except tk.ValidationError as error:
            ended.append(error.error_dict.get("conflict", "?"))
        finally:
            model.Session.remove()

    model.Session.commit()
    threads = [threading.Thread(target=write, args=(each,)) for each in (1, 2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert sorted(ended) == ["done", "version"]
    assert call(None, "version_list", name="satuan")["count"] == 1


ACTIONS: dict[str, dict[str, Any]] = {
    "create": {"name": "jenis_pasar", "title_id": "Jenis pasar"},
    "update": {"name": "satuan", "rows": [BAKUL]},
    "import": {"name": "satuan", "content": "kode,label_id\nbakul,Bakul\n"},
    "import_accept": {"id": "x"}, "undo": {"name": "satuan", "number": 1},
    "usage": {"name": "satuan", "code": "persen"},
}


def test_only_the_walidata_and_a_sysadmin_change_lists(admin: dict[str, Any]) -> None:
    make_places(admin)
    people: dict[str, dict[str, Any] | None] = {"": None, "editor": member("dinkes", "editor"),
                                                "admin": member("dinkes", "admin"),
                                                "sysadmin": admin, "none": factories.User()}
    for role in grantable():
        people[role.value] = member(place_of(role))
        give(admin, user=people[role.value]["name"], role=role.value, scope=scope_of(role))
    allowed: dict[str, set[str]] = {action: set() for action in ACTIONS}
    for who, user in people.items():
        for action, data in ACTIONS.items():
            context = {"user": user["name"] if user else "", "ignore_auth": False}
            try:
                tk.check_access(f"satudata_vocabulary_{action}", context, data)
                allowed[action].add(who)
            except tk.NotAuthorized:
                with pytest.raises(tk.NotAuthorized):
                    call(user, action, **data)
    assert allowed == {action: {Role.WALIDATA.value, "sysadmin"} for action in ACTIONS}
    # What was changed is as public as the list; who did it is for those who may.
    change(admin, BAKUL)
    for who, user in people.items():
        listed = call(user, "version_list", name="satuan")["results"]
        assert ("actor" in listed[0]) is (who in ("walidata", "sysadmin"))
        assert call(user, "version_show", name="satuan", number=1)["changes"][0]["code"] == "bakul"


def test_a_file_is_compared_kept_and_taken_once(walidata: dict[str, Any]) -> None:
    content = ("kode;label_id;label_en;berlaku_sampai\nbakul;Bakul;Basket;\nton;Ton;;31/12/2030\n"
               "persen;Persen;Per cent;\nBuruk Sekali;Buruk;;\n").encode("utf-8-sig")
    upload = FileStorage(io.BytesIO(content), "satuan.csv")
    found = call(walidata, "import", name="satuan", upload=upload)
    assert found["counts"] == {"new": 1, "changed": 1, "retired": 1, "unchanged": 0, "refused": 1,
                               "absent": len(vocabulary.get("satuan")) - 2}
    assert found["refused"][0]["row"] == 5 and "buruk_sekali" in found["refused"][0]["message"]
    assert {each["code"] for each in found["retired"]} == {"ton"}
    assert found["source"]["file"] == "satuan.csv" and vocabulary.get("satuan").version == 0
    with pytest.raises(tk.ValidationError, match="buruk_sekali"):
        call(walidata, "import_accept", id=found["id"], expected_version=0)
    with pytest.raises(tk.ValidationError):
        call(walidata, "import_accept", id=found["id"], partly=True)  # of which version?
    taken = call(walidata, "import_accept", id=found["id"], expected_version=0, partly=True)
    assert taken["version"] == 1 and vocabulary.get("satuan")["bakul"].label_en == "Basket"
    with pytest.raises(tk.ObjectNotFound):
        call(walidata, "import_accept", id=found["id"], expected_version=1, partly=True)


def test_a_file_compared_with_an_older_version_is_not_taken_and_waits_on(
    admin: dict[str, Any], walidata: dict[str, Any]
) -> None:
    found = call(walidata, "import", name="satuan", content="kode,label_id\nbakul,Bakul\n")
    change(admin, {"code": "ember", "label_id": "Ember"})
    with pytest.raises(tk.ValidationError) as late:
        call(walidata, "import_accept", id=found["id"], expected_version=found["version"])
    assert late.value.error_dict["conflict"] == "version"
    with pytest.raises(tk.ObjectNotFound):
        call(admin, "import_accept", id=found["id"], expected_version=1)  # another's
    again = call(walidata, "import_accept", id=found["id"], dry_run=True)
    assert again["version"] == 1 and again["counts"]["new"] == 1
    assert call(walidata, "import_accept", id=found["id"], expected_version=1)["version"] == 2


def test_a_list_of_another_portal_is_taken_with_where_its_codes_came_from(
    walidata: dict[str, Any]
) -> None:
    call(walidata, "create", name="jenis_pasar", title_id="Jenis pasar", about="Pasar kita")
    theirs = {"uri": "https://data.example.go.id/kode-referensi/pasar", "count": 1, "results": [
        {"code": "ikan", "label_id": "Ikan", "label_en": "",
         "uri": "https://data.example.go.id/kode-referensi/pasar/ikan"}]}
    found = call(walidata, "import", name="jenis_pasar", content=json.dumps(theirs))
    assert found["source"]["scheme"] == theirs["uri"]
    call(walidata, "import_accept", id=found["id"], expected_version=1)
    assert vocabulary.get("jenis_pasar")["ikan"].iri == theirs["results"][0]["uri"]
    newest = call(walidata, "version_list", name="jenis_pasar")["results"][0]
    assert newest["source"]["scheme"] == theirs["uri"] and newest["kind"] == "impor"


def test_a_list_of_our_own_is_like_all_others(walidata: dict[str, Any], app: Any) -> None:
    call(walidata, "create", name="jenis_pasar", title_id="Jenis pasar", note="SK Disperindag")
    call(walidata, "update", name="jenis_pasar", rows=[{"code": "ikan", "label_id": "Ikan"}])
    assert "jenis_pasar" in vocabulary.names()
    assert "Ikan" in app.get("/kode-referensi/jenis_pasar").body
    assert app.get("/kode-referensi/jenis_pasar/ikan.json").json["label_id"] == "Ikan"
    for name, said in (("jenis_pasar", "Sudah ada"), ("wilayah", "alamat"), ("satuan", "Sudah"),
                       ("Jenis Pasar", "huruf kecil")):
        with pytest.raises(tk.ValidationError, match=said):
            call(walidata, "create", name=name, title_id="X")


def test_versions_are_shown_as_they_were_and_taken_back_by_new_ones(
    walidata: dict[str, Any]
) -> None:
    change(walidata, BAKUL, {"code": "ton", "note": "Seribu kilogram"})
    change(walidata, {"code": "persen", "note": "x"})
    first = call(None, "version_show", name="satuan", number=1)
    assert {each["code"] for each in first["changes"]} == {"bakul", "ton"}
    assert {each["code"]: each["note"] for each in first["results"]}["persen"] != "x"
    assert call(None, "version_show", name="satuan", number=0)["size"] == first["size"] - 1
    with pytest.raises(tk.ObjectNotFound):
        call(None, "version_show", name="satuan", number=3)
    undone = call(walidata, "undo", name="satuan", number=1, expected_version=2)
    assert undone["version"] == 3 and undone["kept"] == []
    satuan = vocabulary.get("satuan")
    assert satuan["bakul"].valid_to is not None and satuan["ton"].note == ""
    assert satuan["persen"].note == "x"
    assert call(None, "version_list", name="satuan")["results"][0]["kind"] == "urung"


@pytest.mark.parametrize(("name", "row", "said"), [
    ("status_alur", {"code": "draf", "note": "x"}, "tidak diubah"),
    ("akses", {"code": "rahasia", "label_id": "Rahasia"}, "tidak menerima kode baru"),
    ("wilayah", {"code": "36", "label_id": "X"}, "Menteri Dalam Negeri"),
    ("satuan", {"code": "ubah", "label_id": "Ubah"}, "alamat halaman"),
])
def test_what_may_not_be_changed_is_refused_with_why(
    admin: dict[str, Any], name: str, row: dict[str, str], said: str
) -> None:
    with pytest.raises(tk.ValidationError, match=said):
        call(admin, "update", name=name, rows=[row])


def test_who_says_a_code_is_counted_before_it_changes(
    admin: dict[str, Any], walidata: dict[str, Any]
) -> None:
    made = helpers.call_action(
        "package_create", {"user": admin["name"]}, name="panen", title="Panen",
        owner_org="dinkes", type="dataset", satuan="ton", kegunaan=["rpjmd", "rkpd"],
        notes="Hasil panen per kecamatan.")
    told = change(walidata, {"code": "ton", "valid_to": "2030-12-31"}, dry_run=True)
    assert told["retired"][0]["used"] == {
        "terbit": 0, "belum_terbit": 1, "kegiatan": 0, "indikator": 0, "instansi": 0, "semua": 1}
    assert vocabulary.get("satuan").version == 0
    used = call(walidata, "usage", name="kegunaan", code="rkpd")
    assert [each["id"] for each in used["results"]] == [made["id"]]
    assert call(walidata, "usage", name="jenis_instansi", code="dinas")["counts"]["instansi"] == 3


OTHER = """
import sys
from ckan.config.middleware import make_app
from ckan.cli import load_config
make_app(load_config(sys.argv[1]))
from ckanext.satudata.domain import vocabulary
print("bakul" in vocabulary.get("satuan"), flush=True)
sys.stdin.readline()
print("bakul" in vocabulary.get("satuan"), flush=True)
"""


def test_another_process_knows_it_within_its_second(
    walidata: dict[str, Any], pytestconfig: pytest.Config
) -> None:
    model.Session.commit()
    ini = pytestconfig.getoption("ckan_ini")
    with subprocess.Popen([sys.executable, "-c", OTHER, str(ini)], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as other:
        assert other.stdout is not None and other.stdin is not None
        assert other.stdout.readline() == "False\n"
        change(walidata, BAKUL)
        time.sleep(SECONDS + 0.2)
        other.stdin.write("\n")
        other.stdin.close()
        assert other.stdout.readline() == "True\n"


def test_a_process_asks_the_database_once_a_second_and_not_at_each_look_up(
    walidata: dict[str, Any]
) -> None:
    asked: list[str] = []
    engine = model.meta.engine
    assert engine is not None

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "satudata_vocabulary" in statement:
            asked.append(statement)

    vocabulary.get("satuan")
    current.refresh()
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        began = time.monotonic()
        for _ in range(10_000):
            vocabulary.get("satuan")
        took = time.monotonic() - began
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    assert len(asked) <= 1 + took / SECONDS
    assert took < 0.5  # 50 µs each, on a busy machine


def test_what_is_not_committed_is_nobody_s(walidata: dict[str, Any]) -> None:
    with pytest.raises(tk.ValidationError):
        change(walidata, BAKUL, {"code": "satu dua", "label_id": "X"})
    current.refresh()
    assert "bakul" not in vocabulary.get("satuan")
    assert call(None, "version_list", name="satuan")["count"] == 0


def test_the_command_line_says_first_and_takes_when_told(
    walidata: dict[str, Any], cli: Any, tmp_path: Any
) -> None:
    from ckan.cli.cli import ckan as command

    model.Session.commit()
    file = tmp_path / "satuan.csv"
    file.write_text("kode,label_id\nbakul,Bakul\nsatu dua,X\n")
    told = cli.invoke(command, ["satudata", "vocabulary", "import", "satuan", str(file)])
    assert told.exit_code == 1 and "bakul" in told.output and "satu_dua" in told.output
    assert vocabulary.get("satuan").version == 0
    taken = cli.invoke(command, ["satudata", "vocabulary", "import", "satuan", str(file),
                                 "--apply", "--partly", "--note", "SK 9"])
    assert taken.exit_code == 0, taken.output
    assert "SK 9" in cli.invoke(command, ["satudata", "vocabulary", "log", "satuan"]).output
    given = cli.invoke(command, ["satudata", "vocabulary", "export", "satuan"]).output
    assert "bakul,Bakul," in given and given.startswith("kode,label_id,")
    assert cli.invoke(command, ["satudata", "vocabulary", "log", "tidak_ada"]).exit_code == 1


def test_text_the_database_cannot_keep_is_refused_in_its_row(walidata: dict[str, Any]) -> None:
    rows = [{"code": "bakul", "label_id": "Ba\x00kul"}, {"code": "ember", "label_id": "E\ud800"},
            {"code": "tampah", "label_id": "Tampah", "uri": "https://a.id/\x00"}]
    found = call(walidata, "import", name="satuan", content=json.dumps({
        "results": rows, "uri": "https://a.id/\x00\ud800"}), media_type="application/json")
    assert [(each["row"], each["field"]) for each in found["refused"]] == [
        (1, "label_id"), (2, "label_id")]
    taken = call(walidata, "import_accept", id=found["id"], expected_version=0, partly=True)
    assert taken["counts"]["new"] == 1 and vocabulary.get("satuan")["tampah"].iri == ""
    refused = call(walidata, "update", name="satuan", rows=rows[:2], dry_run=True)["refused"]
    assert len(refused) == 2


def test_a_long_list_is_taken_in_seconds(
    walidata: dict[str, Any]
) -> None:
    call(walidata, "create", name="penuh", title_id="Penuh")
    began = time.monotonic()
    found = call(walidata, "import", name="penuh", content="kode,label_id\n" + "".join(
        f"k{n},Nama {n}\n" for n in range(4_000)))
    call(walidata, "import_accept", id=found["id"], expected_version=1)
    assert len(vocabulary.get("penuh")) == 4_000
    assert time.monotonic() - began < 30
