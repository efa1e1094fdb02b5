"""What officers type into forms arrives whole: keywords as people write them, every row."""
from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from metadata_samples import Data, call

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins")


def keywords_form(app: Any, admin: Data, agency: Data, written: str) -> Any:
    return app.post(
        "/dataset/new", headers={"Authorization": admin["token"]}, follow_redirects=False,
        data={"_ckan_phase": "dataset_new_1", "save": "", "title": "Uji kata",
              "owner_org": agency["id"], "tag_string": written},
    )


def test_keywords_typed_as_people_type_are_taken(
    app: Any, admin: Data, agency: Data
) -> None:
    answer = keywords_form(app, admin, agency, "puskesmas; gizi (balita), ASI/MPASI")
    assert answer.status_code == 302
    tags = {tag["name"] for tag in call("package_show", admin, id="uji-kata")["tags"]}
    assert tags == {"puskesmas", "gizi balita", "ASI MPASI"}


def test_a_keyword_too_short_is_said_once_and_how_to_mend(
    app: Any, admin: Data, agency: Data
) -> None:
    answer = keywords_form(app, admin, agency, "a, gizi!")
    page = BeautifulSoup(answer.body, "html.parser")
    problems = [each.get_text() for each in page.select("#ringkasan-kesalahan li")]
    assert len(problems) == 1 and "Kata kunci “a” terlalu pendek" in problems[0]
    assert page.select_one("[name=tag_string]")["value"] == "a, gizi!"


@pytest.mark.parametrize(
    "numbers", [[1, 2], [0, 2, 5], list(range(12)), [3, *range(10, 14)]], ids=str
)
def test_no_row_of_a_form_is_lost_or_moved(
    numbers: list[int], admin: Data, agency: Data
) -> None:
    """Rows removed in the browser leave holes in the numbers; ten rows make 10 sort before 2."""
    rows = {}
    for field in ("variabel_disaggregasi", "variabel_pembangun"):
        rows.update({f"{field}-{number}-nama": f"baris {number}" for number in numbers})
    form = {"title": "Uji baris", "owner_org": agency["id"], "contact-0-name": "Dinas", **rows}
    made = call("package_create", admin, type="indikator", **form)
    wanted = [f"baris {number}" for number in numbers]
    for shown in (made, call("package_update", admin, id=made["id"], type="indikator", **form)):
        assert [each["nama"] for each in shown["variabel_disaggregasi"]] == wanted
        assert [each["nama"] for each in shown["variabel_pembangun"]] == wanted
