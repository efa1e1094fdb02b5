"""Two people at "Periksa hasil baca" of one file: no answer is lost, and each is told."""
from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from tidy_scene import accept, book, handed_in, shown, stored, work
from workflow_cast import Cast, Data, call, people

pytestmark = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
ROWS = (("KUNJUNGAN TAHUN 2025",), ("No", "Kecamatan", "Kunjungan", "Puskesmas"),
        (1, "Anyar", 1200, "-"), (2, "Cinangka", "-", 2), (3, "Ciruas", 2300, 1),
        (4, "Kibin", 1100, 3))
NEXT = tuple(tuple(2400 if value == 2300 else value for value in row) for row in ROWS)
OTHER = (("Desa", "Penduduk"), ("Anyar", 12), ("Bandulu", 14))
made, cast = people()


@pytest.fixture
def browse(app: Any, cast: Cast) -> Callable[[str], Any]:
    def log_in(who: str) -> Any:
        browser = app.test_client()
        with browser.session_transaction(base_url=tk.config["ckan.site_url"]) as session:
            session["_user_id"], session["_fresh"] = cast.people[who]["id"], True
        browser.get = partial(browser.get, follow_redirects=True)
        browser.post = partial(browser.post, follow_redirects=True)
        return browser

    return log_in


class Page:
    """The page of a file as one person has it open."""

    def __init__(self, browser: Any, dataset: Data) -> None:
        self.browser = browser
        self.url = (f"/dataset/{dataset['id']}/resource/{dataset['resources'][0]['id']}"
                    "/pemeriksaan")
        self.soup = BeautifulSoup(browser.get(self.url).get_data(as_text=True), "html.parser")
        self.codes = {each["name"]: [] for each in self.soup.select("input[type=radio]")}
        for each in self.soup.select("input[type=radio]"):
            self.codes[each["name"]].append(each["value"])

    def sends(self, **chosen: str) -> str:
        """Send the form as it stands, with these choices; return what the page then says."""
        filled = {each["name"]: each.get("value", "") for each in self.soup.select(
            "#koreksi input[type=hidden], input[form=koreksi]:not([type=checkbox]), "
            "input[form=koreksi][checked], #koreksi input[type=radio][checked]")}
        filled |= {each["name"]: each.select_one("option[selected]")["value"]
                   for each in self.soup.select("select[form=koreksi]")}
        answer = self.browser.post(self.url, data={**filled, **chosen})
        assert answer.status_code == 200
        return " ".join(BeautifulSoup(
            answer.get_data(as_text=True), "html.parser").get_text(" ").split())


@pytest.fixture
def dataset(cast: Cast) -> Data:
    """A draft with a workbook in which two things are asked."""
    made = cast.make(resources=[], title="Kunjungan berdua")
    accept(cast.produsen, made["id"], handed_in(made["id"], book(Rekap=ROWS)))
    work()
    return shown(made)


def answers(cast: Cast, dataset: Data) -> dict[str, str]:
    tables = call("satudata_recipe_show", cast.produsen, id=dataset["id"])["recipe"]["tables"]
    return {key: code for each in tables for key, code in each["answers"].items()}


def test_answers_of_two_people_are_both_kept_and_told(
    dataset: Data, cast: Cast, browse: Callable[[str], Any]
) -> None:
    mine, theirs = Page(browse("produsen"), dataset), Page(browse("rekan"), dataset)
    first, second = mine.codes
    assert "dibaca ulang" not in theirs.sends(**{first: theirs.codes[first][0]})
    said = mine.sends(**{second: mine.codes[second][1]})
    assert "dibaca ulang sejak Anda membukanya" in said and "Pilihan Anda tersimpan" in said
    assert sorted(answers(cast, dataset).values()) == sorted(
        [theirs.codes[first][0], mine.codes[second][1]])


def test_of_one_question_the_answer_that_was_first_stays_and_is_told(
    dataset: Data, cast: Cast, browse: Callable[[str], Any]
) -> None:
    mine, theirs = Page(browse("produsen"), dataset), Page(browse("rekan"), dataset)
    first, second = mine.codes
    theirs.sends(**{first: theirs.codes[first][0]})
    said = mine.sends(**{first: mine.codes[first][1], second: mine.codes[second][0]})
    assert "Rekan Anda baru saja menjawab" in said
    assert len(answers(cast, dataset)) == 2
    assert set(answers(cast, dataset).values()) == {
        theirs.codes[first][0], mine.codes[second][0]}
    again = Page(browse("produsen"), dataset)
    again.sends(**{first: mine.codes[first][1]})
    assert mine.codes[first][1] in answers(cast, dataset).values()


def test_switches_and_names_of_a_colleague_stay_as_they_made_them(
    dataset: Data, cast: Cast, browse: Callable[[str], Any]
) -> None:
    mine, theirs = Page(browse("produsen"), dataset), Page(browse("rekan"), dataset)
    name = next(each["name"] for each in theirs.soup.select("input[name$=-nama]")
                if each["value"] == "kunjungan")
    theirs.sends(**{name: "pasien"})
    first = next(iter(mine.codes))
    mine.sends(**{first: mine.codes[first][0]})
    work()
    (table,) = call("satudata_recipe_show", cast.produsen, id=dataset["id"])["recipe"]["tables"]
    assert table["names"] == {"kunjungan": "pasien"} and table["answers"]
    assert ",pasien" in stored(shown(dataset)["resources"][0])


@pytest.mark.parametrize(("rows", "said"), [
    (NEXT, "diganti sejak Anda membukanya. Tata letaknya sama"), (OTHER, "tata letaknya lain")])
def test_an_answer_to_a_file_that_was_replaced_is_kept_or_said_to_be_of_no_use(
    dataset: Data, cast: Cast, browse: Callable[[str], Any], rows: Any, said: str
) -> None:
    mine = Page(browse("produsen"), dataset)
    accept(cast.rekan, dataset["id"], handed_in(dataset["id"], book(Rekap=rows), "baru.xlsx"),
           replaces=dataset["resources"][0]["id"])
    work()
    first = next(iter(mine.codes))
    assert said in mine.sends(**{first: mine.codes[first][0]})
    asked = call("satudata_inspection_show", cast.produsen, resource_id=dataset["resources"][0][
        "id"])["report"]["tables"][0]["questions"]
    given = [each["answer"] for each in asked if each.get("answer")]
    assert given == ([mine.codes[first][0]] if rows is NEXT else [])


def test_who_answers_for_a_file_that_is_gone_is_led_to_what_is_there(
    dataset: Data, cast: Cast, browse: Callable[[str], Any]
) -> None:
    mine = Page(browse("produsen"), dataset)
    call("resource_delete", cast.rekan, id=dataset["resources"][0]["id"])
    first = next(iter(mine.codes))
    said = mine.sends(**{first: mine.codes[first][0]})
    assert "tidak ada lagi di draf" in said and "Kirim berkasnya" in said


@pytest.mark.parametrize("base", [
    "", "{}", "[1]", '{"file": 1, "tables": [{"number": 1}]}', "[" * 5_000, "x" * 300_000])
def test_a_page_that_does_not_say_what_it_showed_is_asked_again(
    dataset: Data, cast: Cast, browse: Callable[[str], Any], base: str
) -> None:
    mine = Page(browse("produsen"), dataset)
    first = next(iter(mine.codes))
    said = mine.sends(**{first: mine.codes[first][0], "terlihat": "lama", "dasar": base})
    assert "sudah dibaca ulang" in said
    assert answers(cast, dataset) == {}
