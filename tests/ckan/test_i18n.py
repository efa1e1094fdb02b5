"""Every message of ours is said in both languages, and nothing slips from one into the other."""
from __future__ import annotations

import polib
import pytest
from ckan.common import config

from ckanext.satudata.shared import catalogs

pytestmark = pytest.mark.usefixtures("with_plugins")

#: Labels that stand on every page in one language and on none in the other.
FRAME = {
    "id": ["Langsung ke isi", "Perangkat daerah", "Kode referensi", "Masuk", "Butuh bantuan?"],
    "en": ["Skip to content", "Agencies", "Reference codes", "Log in", "Need help?"],
}
PAGES = ["/", "/dataset/", "/organization/", "/user/login", "/about", "/no-such-page"]


def test_every_message_is_translated_compiled_and_keeps_its_placeholders() -> None:
    assert catalogs.problems() == []


def test_every_source_of_messages_is_read() -> None:
    places = {place for found in catalogs.extract().values() for place in found}
    for part in (".py", ".html", "schemas/dataset.yaml", "schemas/organization.yaml"):
        assert any(place.endswith(part) for place in places), part


def test_messages_of_code_without_ckan_are_read() -> None:
    """``domain/`` marks its messages with ``N_``; the glue translates them."""
    places = {place for found in catalogs.extract().values() for place in found}
    assert any(place.startswith("domain/") for place in places)


def test_a_missing_translation_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    found = catalogs.extract()
    monkeypatch.setattr(
        catalogs, "extract", lambda: {**found, ("Kalimat baru", ""): ["templates/x.html"]}
    )
    assert "en: not translated 'Kalimat baru' (templates/x.html)" in catalogs.problems()


def test_a_lost_placeholder_is_named() -> None:
    entry = polib.POEntry(msgid="Baris {line}", msgstr="Row {row}")
    assert list(catalogs._mismatches(entry)) == ["placeholders differ in 'Baris {line}'"]


def test_our_own_words_win_over_ckans_catalog(app) -> None:
    """CKAN translates "Dataset" to "Kumpulan data"; ours stays what we wrote."""
    assert "Kumpulan data" not in app.get("/").body


@pytest.mark.parametrize("url", PAGES)
@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_page_speaks_one_language(app, lang: str, url: str) -> None:
    other = "en" if lang == "id" else "id"
    path = url if lang == config["ckan.locale_default"] else f"/{lang}{url}"
    body = app.get(path, status=404 if "no-such" in url else 200).body
    assert f'<html lang="{lang}"' in body
    for label in FRAME[lang]:
        assert label in body
    for label in FRAME[other]:
        assert label not in body
