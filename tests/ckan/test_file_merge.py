"""Two people with the form of one file open: no file and no word is lost in silence."""
from __future__ import annotations

import io
from typing import Any

import pytest
from at_once import at_once
from ckan.tests import helpers
from metadata_samples import Data, call
from test_metadata_forms import submit
from tidy_scene import BEDS, VISITS, book, work
from two_people import Person
from werkzeug.datastructures import FileStorage

from ckanext.satudata.shared import blobs

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins")


#: Next year's figures in the layout of :data:`VISITS`.
CHANGED = [tuple({1200: 1300, 2990: 3090}.get(value, value) for value in row) for row in VISITS]


def a_file(name: str, text: str) -> FileStorage:
    return FileStorage(io.BytesIO(text.encode()), filename=name)


@pytest.fixture
def ani(app: Any, agency: Data) -> Person:
    return Person(app, "Ani Suryani", agency)


@pytest.fixture
def budi(app: Any, agency: Data) -> Person:
    return Person(app, "Budi Santoso", agency)


@pytest.fixture
def made(agency: Data, ani: Person) -> Data:
    made = call("package_create", ani.user, title="Kunjungan 2025", owner_org=agency["id"])
    call("resource_create", ani.user, package_id=made["id"], name="Tabel",
         description="Per kecamatan", upload=a_file("asal.csv", "a,b\n1,2\n"))
    call("package_patch", ani.user, id=made["id"], state="active")
    return call("package_show", ani.user, id=made["id"])


class Desk:
    """The form of the one file, as a person has it open."""

    def __init__(self, person: Person, made: Data) -> None:
        self.person = person
        self.url = f"/dataset/{made['id']}/resource/{made['resources'][0]['id']}/edit"
        self.form = person.opens(self.url).select_one("#resource-edit")

    def saves(self, **typed: Any) -> Any:
        """Save what the form holds; where it comes back, it is the form that is open now."""
        page = self.person.sends(self.url, submit(self.form, **typed))
        if page is not None:
            self.form = page.select_one("#resource-edit")
        return page


def files(person: Person, made: Data) -> list[Data]:
    return call("package_show", person.user, id=made["id"])["resources"]


def content(resource: Data) -> str:
    return b"".join(blobs.open(resource["sha256"])).decode()


def test_words_of_one_and_a_file_of_the_other_are_both_there(
    ani: Person, budi: Person, made: Data
) -> None:
    hers, his = Desk(ani, made), Desk(budi, made)
    assert hers.saves(upload=a_file("baru.csv", "a,b\n3,4\n")) is None
    assert his.saves(description="Per desa") is None
    (one,) = files(ani, made)
    assert content(one) == "a,b\n3,4\n" and one["url"].endswith("/baru.csv")
    assert (one["description"], one["name"]) == ("Per desa", "Tabel")
    assert one["size"] == len("a,b\n3,4\n") and one["hash"] == one["sha256"]


def test_a_word_both_changed_is_asked_about(ani: Person, budi: Person, made: Data) -> None:
    hers, his = Desk(ani, made), Desk(budi, made)
    hers.saves(description="Per desa")
    page = his.saves(description="Per kelurahan")
    box = page.select_one("[data-field=description]")
    assert "Per desa" in box.select_one(".sd-beside").text
    assert box.select_one("textarea").text.strip() == "Per kelurahan"
    assert his.saves(_pakai="description") is None
    assert files(ani, made)[0]["description"] == "Per desa"


@pytest.fixture
def asked(ani: Person, budi: Person, made: Data) -> Desk:
    """Budi's form, after he sent a file for one that Ani had replaced."""
    hers, his = Desk(ani, made), Desk(budi, made)
    hers.saves(upload=a_file("ani.csv", "a,b\nani,1\n"))
    page = his.saves(upload=a_file("budi.csv", "a,b\nbudi,1\n"), description="Punya Budi")
    assert "Ani Suryani" in page.select_one("#ringkasan-kesalahan").text
    assert content(files(ani, made)[0]) == "a,b\nani,1\n"
    assert "budi.csv" in page.select_one("#field-url-lain").text
    assert {each["value"] for each in his.form.select("[name=_berkas]")} == {
        "kedua", "ganti", "biarkan"}
    return his


def test_the_file_of_another_is_replaced_only_by_who_says_so(
    asked: Desk, ani: Person, made: Data
) -> None:
    assert asked.saves() is not None  # no answer is no yes
    assert content(files(ani, made)[0]) == "a,b\nani,1\n"
    assert asked.saves(_berkas="ganti") is None
    (one,) = files(ani, made)
    assert content(one) == "a,b\nbudi,1\n" and one["url"].endswith("/budi.csv")
    assert one["description"] == "Punya Budi"


def test_both_files_can_stand_side_by_side(asked: Desk, ani: Person, made: Data) -> None:
    assert asked.saves(_berkas="kedua") is None
    first, second = files(ani, made)
    assert content(first) == "a,b\nani,1\n" and first["description"] == "Per kecamatan"
    assert content(second) == "a,b\nbudi,1\n" and second["description"] == "Punya Budi"
    assert second["name"] == "budi.csv" and second["id"] != first["id"]


def test_the_file_of_the_other_can_be_left(asked: Desk, ani: Person, made: Data) -> None:
    assert asked.saves(_berkas="biarkan") is None
    (one,) = files(ani, made)
    assert content(one) == "a,b\nani,1\n" and one["description"] == "Punya Budi"


def test_replacing_is_asked_again_where_a_third_file_came(
    asked: Desk, ani: Person, made: Data
) -> None:
    Desk(ani, made).saves(upload=a_file("ketiga.csv", "a,b\n3,3\n"))
    assert asked.saves(_berkas="ganti") is not None
    assert content(files(ani, made)[0]) == "a,b\n3,3\n"
    assert asked.saves(_berkas="ganti") is None
    assert content(files(ani, made)[0]) == "a,b\nbudi,1\n"


def test_the_same_file_from_both_asks_nobody(ani: Person, budi: Person, made: Data) -> None:
    hers, his = Desk(ani, made), Desk(budi, made)
    hers.saves(upload=a_file("ani.csv", "a,b\n1,9\n"))
    assert his.saves(upload=a_file("budi.csv", "a,b\n1,9\n")) is None
    assert len(files(ani, made)) == 1


def test_a_file_waits_while_a_field_is_mended(ani: Person, made: Data) -> None:
    hers = Desk(ani, made)
    page = hers.saves(upload=a_file("baru.csv", "a,b\n3,4\n"), download_url="bukan alamat")
    assert "baru.csv" in page.select_one("[data-field=url]").text
    assert hers.saves(download_url="") is None
    assert content(files(ani, made)[0]) == "a,b\n3,4\n"


@pytest.mark.parametrize("token", ["x", "W10.x.y", "[]", "x" * 20_000])
def test_nobody_names_a_stored_file_by_a_forged_token(
    token: str, ani: Person, made: Data
) -> None:
    before = files(ani, made)[0]["sha256"]
    assert Desk(ani, made).saves(_kiriman=token, _berkas="ganti", name="Lain") is None
    (one,) = files(ani, made)
    assert one["sha256"] == before and "_kiriman" not in one and "_berkas" not in one


def test_the_file_that_waits_is_its_senders(asked: Desk, ani: Person, made: Data) -> None:
    token = asked.form.select_one("[name=_kiriman]")["value"]
    Desk(ani, made).saves(_kiriman=token, _berkas="ganti")
    assert content(files(ani, made)[0]) == "a,b\nani,1\n"


def test_an_address_for_a_file_that_was_replaced_is_asked_about(
    ani: Person, budi: Person, made: Data
) -> None:
    call("resource_create", ani.user, package_id=made["id"], url="https://a.id/x.csv", name="Luar")
    other = {**made, "resources": files(ani, made)[1:]}
    hers, his = Desk(ani, other), Desk(budi, other)
    hers.saves(upload=a_file("ani.csv", "a,b\nani,1\n"))
    page = his.saves(url="https://a.id/y.csv")
    assert "https://a.id/y.csv" in page.select_one("#field-url-lain").text
    assert his.saves(_berkas="ganti") is None
    assert files(ani, made)[1]["url"] == "https://a.id/y.csv"


def test_what_a_client_added_to_the_file_stays(ani: Person, budi: Person, made: Data) -> None:
    his = Desk(budi, made)
    call("resource_patch", ani.user, id=made["resources"][0]["id"], kunci="klien")
    assert his.saves(name="Lain") is None
    assert files(ani, made)[0]["kunci"] == "klien" and files(ani, made)[0]["name"] == "Lain"


def test_in_a_first_draft_a_mistake_does_not_drop_the_file(
    ani: Person, agency: Data
) -> None:
    """CKAN empties the fields of an uploaded file where the form of a new dataset comes back."""
    made = call("package_create", ani.user, title="Baru", owner_org=agency["id"], state="draft")
    one = call("resource_create", ani.user, package_id=made["id"],
               upload=a_file("asal.csv", "a,b\n1,2\n"))
    desk = Desk(ani, {**made, "resources": [one]})
    desk.url = f"/dataset/{made['id']}/resource/new"
    assert desk.saves(download_url="bukan alamat", id=one["id"], save="go-dataset-complete")
    assert desk.saves(download_url="", id=one["id"], save="go-dataset-complete") is None
    assert content(files(ani, made)[0]) == "a,b\n1,2\n"


def test_of_two_files_sent_at_the_same_instant_one_is_asked_about(
    ani: Person, budi: Person, made: Data, app: Any
) -> None:
    desks = Desk(ani, made), Desk(budi, made)

    def save(desk: Desk) -> Any:
        name = desk.person.user["name"]
        data = {key: value[0] for key, value in submit(desk.form).items() if key != "save"}
        return helpers.call_action(
            "resource_update", {"user": name, "ignore_auth": False},
            **{**data, "id": made["resources"][0]["id"],
               "upload": a_file(f"{name}.csv", f"a,b\n{name},1\n")})

    answers = at_once(app, [lambda desk=desk: save(desk) for desk in desks])
    assert answers.pop("done") == 1 and len(answers) == 1
    assert next(iter(answers)).startswith("400 {'url': ")
    (one,) = files(ani, made)
    assert one["url"].rsplit("/", 1)[-1].removesuffix(".csv") in content(one)


def test_a_clients_words_do_not_bring_back_the_file_another_replaces(
    ani: Person, budi: Person, made: Data, app: Any
) -> None:
    identifier = made["resources"][0]["id"]
    for turn in range(4):
        answers = at_once(app, [
            lambda turn=turn: call("resource_patch", ani.user, id=identifier,
                                   upload=a_file("x.csv", f"a,b\n{turn},1\n")),
            lambda turn=turn: call("resource_patch", budi.user, id=identifier,
                                   description=f"Kali {turn}"),
            lambda turn=turn: call("resource_patch", budi.user, id=identifier, kunci=str(turn))])
        assert answers == {"done": 3}
        (one,) = files(ani, made)
        assert content(one) == f"a,b\n{turn},1\n" and one["hash"] == one["sha256"]
        assert (one["description"], one["kunci"]) == (f"Kali {turn}", str(turn))


def a_book(content: bytes, name: str = "2026.xlsx") -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


@pytest.fixture
def clean(agency: Data, ani: Person, made: Data) -> Data:
    """A draft whose one file is the clean table of a workbook."""
    resource = made["resources"][0]["id"]
    call("satudata_intake_create", ani.user, id=made["id"], accept=True, replaces=resource,
         upload=a_book(book(Data=VISITS), "2025.xlsx"))
    work()
    return call("package_show", ani.user, id=made["id"])


def test_a_workbook_put_in_the_place_of_a_clean_table_becomes_one_too(
    ani: Person, clean: Data
) -> None:
    (before,) = clean["resources"]
    hers = Desk(ani, clean)
    assert hers.saves(description="Per puskesmas", upload=a_book(book(Data=CHANGED))) is None
    work()
    (after,) = files(ani, clean)
    assert (after["id"], after["format"], after["description"]) == (
        before["id"], "CSV", "Per puskesmas")
    assert "0101,36.04.30,Anyar,1300" in content(after).replace("\r", "")
    assert after["mentah_nama"] == "2026.xlsx" and after["name"] == before["name"]
    # It is kept as handed in, with who and when.
    (sent, _first) = call("satudata_intake_list", ani.user, id=clean["id"])["results"]
    assert (sent["filename"], sent["sent_by"]["name"], sent["resources"]) == (
        "2026.xlsx", ani.user["name"], [after["id"]])


def test_a_reading_that_was_corrected_meanwhile_is_nobody_s_other_file(
    ani: Person, budi: Person, clean: Data
) -> None:
    hers = Desk(ani, clean)
    table = call("satudata_inspection_show", budi.user,
                 resource_id=clean["resources"][0]["id"])["report"]["tables"][0]
    call("satudata_recipe_update", budi.user, id=clean["id"], recipe={"version": 1, "tables": [
        {"fingerprint": table["fingerprint"], "names": {"kunjungan": "pasien"}}]})
    work()
    assert ",pasien" in content(files(ani, clean)[0])
    assert hers.saves(upload=a_book(book(Data=CHANGED))) is None  # nobody asks whose file it is
    work()
    (after,) = files(ani, clean)
    assert "1300" in content(after) and ",pasien" in content(after)


def test_two_workbooks_for_one_clean_table_are_asked_about(
    ani: Person, budi: Person, clean: Data
) -> None:
    hers, his = Desk(ani, clean), Desk(budi, clean)
    assert hers.saves(upload=a_book(book(Data=CHANGED))) is None
    work()
    page = his.saves(upload=a_book(book(Data=BEDS), "tidur.xlsx"))
    assert page is not None and "diganti" in page.get_text()
    assert "1300" in content(files(budi, clean)[0])
    assert his.saves(_berkas="kedua") is None
    work()
    one, two = files(budi, clean)
    assert "1300" in content(one) and "tempat_tidur" in content(two)
    assert (one["format"], two["format"]) == ("CSV", "CSV")


def test_a_stock_client_s_file_stays_the_file_it_is(ani: Person, clean: Data) -> None:
    call("resource_update", ani.user, **{**clean["resources"][0], "upload": a_file(
        "asli.csv", "a;b\n1;2\n")})
    (after,) = files(ani, clean)
    assert content(after) == "a;b\n1;2\n"
