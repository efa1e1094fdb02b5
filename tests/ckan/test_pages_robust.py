"""Pages hold when data are sparse and when something else is broken."""
from __future__ import annotations

from typing import Any

import pytest
from ckan.plugins import toolkit as tk
from publishing import published

from ckanext.satudata.pages import words

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins")


def test_a_dataset_whose_links_have_no_size_is_shown(app: Any) -> None:
    dataset = published(
        resources=[{"url": "https://example.org/a.csv", "name": "Tabel", "format": "CSV"}],
    )
    assert "Tabel" in app.get(f"/dataset/{dataset['name']}", status=200).body


def test_a_failure_of_ours_is_said_in_words(app: Any) -> None:
    # CKAN hands its own failures over as a list, an HTTP error as a number.
    with app.flask_app.test_request_context(
        "/", environ_overrides={"CKAN_CURRENT_URL": "/", "CKAN_LANG": "id"}
    ):
        app.flask_app.preprocess_request()
        for code in ([500], 500):
            body = tk.render("error_document_template.html", {"code": code, "content": "x"})
            assert "<h1>Ada yang rusak di pihak kami</h1>" in body


@pytest.mark.parametrize("value", [None, "", 0, "12", 12.5, "banyak", [1]])
def test_a_size_is_words_or_nothing(value: Any) -> None:
    assert isinstance(words.size(value, "id"), str)
