"""A table pasted into the page is handed in as a file; what cannot be taken is not lost."""
from __future__ import annotations

from typing import Any

import ckan.logic
import ckan.plugins.toolkit as tk
import pytest
from workflow_cast import Cast, call, people

from ckanext.satudata.domain.intake import pasted

pytestmark = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
made, cast = people()
TEXT = "kecamatan\tjumlah\nAnyar\t1.234\n"
PAGE = "<table><tr><td>kecamatan<td>jumlah<tr><td>Anyar<td onclick=x>1.234</table>"


@pytest.fixture
def handed_in(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What was handed in, taken in as the intake does."""
    found: list[dict[str, Any]] = []

    def create(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
        assert context["user"] and not context.get("ignore_auth")
        found.append(data_dict)
        return {"id": "x", "package_id": data_dict["id"], "resources": [], "state": "menunggu"}

    def accept(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
        found[-1]["accepted"] = True
        return {"id": "x", "package_id": found[-1]["id"], "resources": [], "state": "diterima"}

    tk.get_action("package_show")  # so that the table of actions is there
    monkeypatch.setitem(ckan.logic._actions, "satudata_intake_create", create)
    monkeypatch.setitem(ckan.logic._actions, "satudata_intake_accept", accept)
    return found


def as_of(cast: Cast, name: str) -> dict[str, str]:
    user = cast.people[name]
    return {"Authorization": tk.get_action("api_token_create")(
        {"ignore_auth": True, "user": user["name"]}, {"user": user["name"], "name": "t"})["token"]}


def test_a_pasted_page_is_handed_in_with_its_cells_only(
    cast: Cast, handed_in: list[dict[str, Any]]
) -> None:
    data = cast.make()
    call("satudata_paste_submit", cast.produsen, id=data["name"], html=PAGE, text=TEXT)
    (sent,) = handed_in
    assert (sent["id"], sent["way"], sent["filename"], sent["accepted"]) == (
        data["id"], "tempel", "tempelan.html", True)
    assert b"Anyar" in sent["content"] and b"onclick" not in sent["content"]


def test_text_is_enough_and_a_file_may_be_replaced(
    cast: Cast, handed_in: list[dict[str, Any]]
) -> None:
    data = cast.make()
    file = data["resources"][0]["id"]
    call("satudata_paste_submit", cast.produsen, id=data["id"], text=TEXT, replaces=file)
    assert (handed_in[0]["filename"], handed_in[0]["replaces"]) == ("tempelan.tsv", file)
    other = cast.make()["resources"][0]["id"]
    with pytest.raises(tk.ValidationError, match="tidak ada di dataset ini"):
        call("satudata_paste_submit", cast.produsen, id=data["id"], text=TEXT, replaces=other)


@pytest.mark.parametrize("who", ["tetangga", "anggota", "pembina", "warga", None])
def test_who_may_not_write_it_may_not_paste(
    cast: Cast, handed_in: list[dict[str, Any]], who: str | None
) -> None:
    data = cast.make()
    with pytest.raises(tk.NotAuthorized):
        call("satudata_paste_submit", who and cast.people[who], id=data["id"], text=TEXT)
    with pytest.raises(tk.NotAuthorized):
        call("satudata_paste_submit", cast.produsen, id="tidak-ada", text=TEXT)
    assert handed_in == []


@pytest.mark.parametrize("given", [{}, {"text": ["a\tb"]}, {"text": "satu"}, {"html": {"a": 1}},
                                   {"text": "a\tb\n" + "1\t2\n" * 1_100_000}])
def test_what_is_no_table_is_refused_in_words(
    cast: Cast, handed_in: list[dict[str, Any]], given: dict[str, Any]
) -> None:
    with pytest.raises(tk.ValidationError) as refused:
        call("satudata_paste_submit", cast.produsen, id=cast.make()["id"], **given)
    assert set(refused.value.error_dict) <= {"text", "html"} and handed_in == []


def test_the_page_keeps_what_was_pasted_when_it_cannot_be_taken(
    cast: Cast, app: Any, handed_in: list[dict[str, Any]]
) -> None:
    url, headers = f"/dataset/{cast.make()['name']}/tempel", as_of(cast, "produsen")
    assert "Tempel tabel Anda di sini" in app.get(url, headers=headers).body
    answer = app.post(url, headers=headers, data={"text": "</textarea>satu <b>baris"})
    assert answer.status_code == 400
    assert "belum berupa tabel" in answer.body
    assert "&lt;/textarea&gt;satu &lt;b&gt;baris" in answer.body
    answer = app.post(url, headers=headers, data={"text": TEXT}, follow_redirects=False)
    assert answer.status_code == 302 and len(handed_in) == 1
    for who in ("tetangga", "anggota"):
        assert app.get(url, headers=as_of(cast, who)).status_code == 404
    assert app.get(url).status_code == 404


def test_all_that_may_be_pasted_reaches_the_page_and_no_more(
    cast: Cast, app: Any, handed_in: list[dict[str, Any]]
) -> None:
    """Flask takes half a megabyte of a form unless told otherwise, and answers without words."""
    url, headers = f"/dataset/{cast.make()['name']}/tempel", as_of(cast, "produsen")
    line = "Anyar\t1.234é\n"
    most = TEXT + line * ((pasted.MAX_BYTES - 100) // len(line.encode()))
    answer = app.post(url, headers=headers, data={"text": most}, follow_redirects=False)
    assert answer.status_code == 302 and len(handed_in[0]["content"]) > pasted.MAX_BYTES * 0.9
    answer = app.post(url, headers=headers, data={"text": most + line * 100})
    assert answer.status_code == 400 and "lebih dari 2 MB" in answer.body
    answer = app.post(url, headers=headers, data={"text": "x" * 4 * pasted.MAX_BYTES})
    assert answer.status_code == 413 and len(handed_in) == 1
