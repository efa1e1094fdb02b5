"""The public pages: what a reader finds there, with data and without."""
from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from publishing import publish

from ckanext.satudata.pages import figures, helpers, words

TODAY = dt.date(2026, 11, 21)
in_ckan = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.body, "html.parser")


def make_dataset(public: bool = True, **fields: Any) -> dict[str, Any]:
    """A dataset written past the form, so that schema changes do not matter here."""
    user = factories.Sysadmin()
    organization = fields.pop("organization", None) or factories.Organization(
        title="Dinas Kesehatan"
    )
    data = {
        "name": "kunjungan",
        "title": "Kunjungan puskesmas",
        "notes": "Jumlah kunjungan. Kedua.",
        "owner_org": organization["id"],
        "urusan": ["1.02"],
        "license_id": "cc-by",
        "frequency": "tahunan",
        "access_rights": "terbuka",
        "tingkat_penyajian": "kecamatan",
        "temporal_coverage": [{"start": "2019-01-01", "end": "2025-12-31"}],
        **fields,
    }
    made = tk.get_action("package_create")({"user": user["name"]}, data)
    return publish(made) if public else made


# --- words


@pytest.mark.parametrize(
    ("count", "lang", "said"),
    [
        (18_000, "id", "18 KB"),
        (1_234_567, "id", "1,2 MB"),
        (1_234_567, "en", "1.2 MB"),
        (999, "id", "999 B"),
        (999_999, "id", "1 MB"),
        ("2048", "en", "2 KB"),
        (0, "id", ""),
        (None, "id", ""),
        ("besar", "id", ""),
        (float("nan"), "id", ""),
        (10**400, "id", ""),
    ],
)
def test_a_size_is_written_in_the_unit_people_use(count: Any, lang: str, said: str) -> None:
    assert words.size(count, lang) == said


@pytest.mark.parametrize(
    ("value", "lang", "said"),
    [
        ("2026-11-03", "id", "3 November 2026"),
        ("2026-08-03T10:00:00.123", "id", "3 Agustus 2026"),
        ("2026-08-03", "en", "3 August 2026"),
        ("tidak tentu", "id", "tidak tentu"),
        (None, "id", ""),
    ],
)
def test_a_date_is_written_out(value: Any, lang: str, said: str) -> None:
    assert words.date(value, lang) == said


@pytest.mark.parametrize(
    ("coverage", "said"),
    [
        ([{"start": "2019-01-01", "end": "2025-12-31"}], "2019–2025"),
        ([{"start": "2025"}], "2025"),
        ([{"end": "2024-06"}, {"start": "2021-01", "end": "2022"}], "2021–2024"),
        ([{"start": "tahun lalu"}, {}, "2020"], ""),
        (None, ""),
    ],
)
def test_a_period_is_the_span_of_years(coverage: Any, said: str) -> None:
    assert words.period(coverage) == said


# --- the region's colours


@pytest.mark.usefixtures("with_plugins")
@pytest.mark.parametrize(
    "value", ["red", "#12345", "#1234567", "#12345G", "};body{display:none", ""]
)
def test_only_six_hexadecimal_digits_reach_the_style_element(
    app: Any, ckan_config: Any, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setitem(ckan_config, "ckanext.satudata.warna", value)
    assert helpers.satudata_brand_css() == ""


@pytest.mark.usefixtures("with_plugins")
def test_a_region_shows_its_own_colour_and_name(
    app: Any, ckan_config: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ckan_config, "ckanext.satudata.warna", "#7a1e2b")
    monkeypatch.setitem(ckan_config, "ckanext.satudata.nama_pemerintah", "Pemerintah Kota Bima")
    page = soup(app.get("/about"))
    assert "--sd-brand:#7A1E2B" in page.find("style").text
    assert page.select_one(".sd-brand small").text == "Kota Bima"


# --- frame


@pytest.mark.usefixtures("with_plugins")
def test_every_page_can_be_walked_by_keyboard_and_reader(app: Any) -> None:
    page = soup(app.get("/about"))
    skip = page.select_one("a.sd-skip")
    assert page.find(id=skip["href"].lstrip("#"))
    assert (
        page.find("header")
        and page.find("footer")
        and page.find(["main", lambda t: t.get("role") == "main"])
    )
    names = [nav.get("aria-label") for nav in page.find_all("nav")]
    assert all(names)
    assert len(page.find_all("h1")) == 1


@pytest.mark.usefixtures("with_plugins")
def test_no_page_asks_another_host_or_runs_inline_script(app: Any) -> None:
    for url in ("/", "/dataset/", "/user/login", "/no-such"):
        page = soup(app.get(url, status=404 if "no-such" in url else 200))
        sources = [t.get("src") for t in page.find_all(["script", "img", "iframe"])]
        sources += [t.get("href") for t in page.find_all("link", rel=["stylesheet", "icon"])]
        outside = [s for s in sources if s and re.match(r"(https?:)?//", s)]
        assert outside == [], url
        assert [s for s in page.find_all("script") if not s.get("src")] == [], url
        assert page.find(style=True) is None, url


@pytest.mark.usefixtures("with_plugins")
def test_the_other_language_leads_to_the_same_page(app: Any) -> None:
    link = soup(app.get("/dataset/?q=a%26b&tags=x")).find("a", hreflang="en")
    assert link["href"].endswith("/en/dataset/?q=a%26b&tags=x")
    back = soup(app.get("/en/dataset/?q=a%26b")).find("a", hreflang="id")
    assert soup(app.get(back["href"])).html["lang"] == "id"


@pytest.mark.usefixtures("with_plugins")
def test_a_demo_portal_says_so_on_every_page(
    app: Any, ckan_config: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ckan_config, "ckanext.satudata.demo", True)
    assert "bukan data resmi" in soup(app.get("/about")).select_one(".sd-demo").text


@pytest.mark.usefixtures("with_plugins")
def test_another_portal_does_not(app: Any) -> None:
    assert soup(app.get("/about")).select_one(".sd-demo") is None


@pytest.mark.parametrize(
    ("entity", "sample"),
    [
        ({"tags": [{"name": "Data contoh"}]}, True),
        ({"tags": [{"name": "data-contoh"}]}, True),
        ({"tags": [{"name": "contoh"}], "name": "contoh-a"}, False),
        ({"is_organization": True, "name": "contoh-bappeda"}, True),
        ({"is_organization": True, "name": "bappeda"}, False),
        ({}, False),
        (None, False),
    ],
)
def test_generated_data_is_told_from_real(entity: Any, sample: bool) -> None:
    assert helpers.satudata_is_sample(entity) is sample


# --- home


@in_ckan
def test_home_of_an_empty_portal_says_what_comes_next(app: Any) -> None:
    text = soup(app.get("/")).get_text(" ", strip=True)
    assert "Belum ada data yang terbit" in text
    assert "Belum ada jadwal rilis" in text


@in_ckan
def test_home_counts_and_lists_what_is_public() -> None:
    organization = factories.Organization()
    make_dataset(organization=organization, jadwal_rilis="2026-12-01")
    make_dataset(organization=organization, name="lama", title="Lama", jadwal_rilis="2026-01-01")
    make_dataset(organization=organization, name="rahasia", title="Rahasia", public=False)
    home = figures.home(TODAY)
    assert home["datasets"] == 2
    assert home["organizations"] == 1
    assert dict(home["urusan"]) == {"1.02": 2}
    assert [each["name"] for each in home["releases"]] == ["kunjungan"]
    assert "rahasia" not in [each["name"] for each in home["newest"]]


@in_ckan
def test_home_stays_up_while_the_index_is_down(
    app: Any, ckan_config: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ckan_config, "solr_url", "http://127.0.0.1:9/solr/none")
    page = soup(app.get("/"))
    assert "tidak menjawab" in page.select_one("[role=alert]").text


# --- search and dataset


@in_ckan
def test_ckan_writes_days_of_our_zone() -> None:
    assert str(tk.h.get_display_timezone()) == "Asia/Jakarta"


@in_ckan
def test_a_result_says_who_when_where_and_how_often(app: Any) -> None:
    make_dataset()
    result = soup(app.get("/dataset/")).select_one(".sd-result")
    text = result.get_text(" ", strip=True)
    for part in ("Kunjungan puskesmas", "Dinas Kesehatan", "2019–2025", "kecamatan", "tahunan"):
        assert part in text


@in_ckan
def test_facets_carry_labels_and_counts_and_say_what_is_chosen(app: Any) -> None:
    make_dataset()
    page = soup(app.get("/dataset/"))
    link = page.find("a", href=re.compile(r"urusan=1\.02"))
    assert link.get_text(" ", strip=True) == "Kesehatan 1"
    chosen = soup(app.get(link["href"]))
    assert chosen.select_one(".sd-facet a[aria-current]").get_text(" ", strip=True) == "Kesehatan 1"
    assert "Urusan: Kesehatan" in chosen.select_one(".sd-chip--on").text


@in_ckan
def test_a_dataset_of_two_fields_of_government_is_found_under_both(app: Any) -> None:
    make_dataset(urusan=["1.02", "2.08"])
    page = soup(app.get("/dataset/"))
    for code in ("1.02", "2.08"):
        link = page.find("a", href=re.compile(rf"urusan={re.escape(code)}"))
        assert soup(app.get(link["href"])).select_one(".sd-result")
    assert dict(figures.home(TODAY)["urusan"]) == {"1.02": 1, "2.08": 1}
    assert soup(app.get("/")).find("a", href=re.compile(r"urusan=2\.08"))


@in_ckan
def test_a_dataset_page_puts_the_download_first_and_cites(app: Any) -> None:
    dataset = make_dataset(
        tags=[{"name": "data contoh"}],
        resources=[{"url": "https://example.com/a.csv", "format": "CSV", "size": 18_000}],
    )
    page = soup(app.get(f"/dataset/{dataset['name']}"))
    assert page.h1.get_text(" ", strip=True) == "Kunjungan puskesmas data contoh"
    button = page.select_one(".sd-btn--primary")
    assert button["href"] == "https://example.com/a.csv"
    assert "CSV, 18 KB" in button.text
    assert "Dinas Kesehatan" in page.select_one("#kutip").parent.text


@in_ckan
@pytest.mark.parametrize("url", ["/dataset/kunjungan", "/dataset/", "/organization/dinkes"])
def test_pages_with_data_speak_the_readers_language(app: Any, url: str) -> None:
    make_dataset(organization=factories.Organization(name="dinkes", title="Dinas Kesehatan"))
    indonesian = soup(app.get(url)).get_text(" ")
    english = soup(app.get(f"/en{url}")).get_text(" ")
    for ours, theirs in [("Urusan", "Government function"), ("diperbarui", "updated")]:
        assert ours in indonesian and theirs in english
        assert theirs not in indonesian and ours not in english
    assert "tahunan" in indonesian and "annual" in english


@in_ckan
def test_a_hostile_address_is_never_a_link(app: Any) -> None:
    dataset = make_dataset(
        notes='<img src=x onerror="alert(1)"> [klik](javascript:alert(1))',
        resources=[{"url": "https://example.com/a.csv", "format": "<b>x</b>"}],
    )
    for url in (f"/dataset/{dataset['name']}", "/dataset/"):
        page = soup(app.get(url))
        assert page.find("b", string="x") is None
        assert page.find(onerror=True) is None
        assert page.find("a", href=re.compile("^javascript:")) is None


@in_ckan
def test_an_organization_page_lists_its_data(app: Any) -> None:
    dataset = make_dataset()
    page = soup(app.get(f"/organization/{dataset['organization']['name']}"))
    assert page.h1.text.strip() == "Dinas Kesehatan"
    assert page.select_one(".sd-result h2 a").text == "Kunjungan puskesmas"


# --- errors and login


@pytest.mark.usefixtures("with_plugins")
def test_an_unknown_address_says_what_to_do(app: Any) -> None:
    page = soup(app.get("/no-such", status=404))
    assert page.h1.text == "Halaman tidak ada"
    assert page.select_one("form[role=search]")


@in_ckan
def test_a_wrong_password_is_said_beside_the_form(app: Any) -> None:
    page = soup(app.post("/user/login", data={"login": "tidak", "password": "ada"}))
    assert "tidak cocok" in page.select_one(".flash-messages [role=alert]").text


@in_ckan
@pytest.mark.parametrize(("lang", "said"), [
    ("", "Creative Commons Atribusi 4.0"), ("/en", "Creative Commons Attribution 4.0")])
def test_the_licence_has_its_name_in_the_readers_language(
    lang: str, said: str, app: Any
) -> None:
    dataset = make_dataset(
        resources=[{"url": "https://example.org/a.csv", "name": "Tabel", "format": "CSV"}])
    for path in ("", f"/resource/{dataset['resources'][0]['id']}"):
        assert said in soup(app.get(f"{lang}/dataset/kunjungan{path}")).get_text()


@in_ckan
def test_a_reader_is_not_sent_to_another_host_by_a_picture(app: Any) -> None:
    own = tk.config["ckan.site_url"]
    make_dataset(notes="Peta ![batas](https://elsewhere.example/a.png) "
                       f"<img src=//elsewhere.example/b> ![logo]({own}/c.png)")
    page = soup(app.get("/dataset/kunjungan"))
    pictures = {each["src"] for each in page.select("img[src]")}
    assert f"{own}/c.png" in pictures and not any("elsewhere" in each for each in pictures)
    assert "batas" in page.get_text()


@in_ckan
@pytest.mark.parametrize(("lang", "said"), [
    ("", {"new package": "Data baru", "changed package": "Data diubah"}),
    ("/en", {"new package": "New data", "changed package": "Data changed"}),
])
@pytest.mark.parametrize("kind", ["dataset", "organization"])
def test_the_kinds_of_activity_read_in_the_readers_language_and_filter_without_a_script(
    kind: str, lang: str, said: dict[str, str], app: Any
) -> None:
    made = make_dataset()
    name = made["name"] if kind == "dataset" else made["organization"]["name"]
    url = f"{lang}/{kind}/activity/{name}"
    as_who = {"Authorization": factories.SysadminWithToken()["token"]}
    form = soup(app.get(url, headers=as_who)).select_one("form.sd-activity-types")
    options = {each["value"]: each.text for each in form.select("option")}
    assert said.items() <= options.items()
    if not lang:
        assert not [code for code, text in options.items() if code and text.lower() == code]
    page = soup(app.get(form["action"], query_string={"activity_type": "changed package"},
                        headers=as_who))
    assert page.select_one("option[selected]")["value"] == "changed package"


@in_ckan
def test_nothing_invites_to_publish_or_delete_many_datasets_past_the_workflow(app: Any) -> None:
    made = make_dataset()
    as_who = {"Authorization": factories.SysadminWithToken()["token"]}
    name = made["organization"]["name"]
    members = soup(app.get(f"/organization/manage_members/{name}", headers=as_who))
    assert not members.select("a[href*=bulk_process]")
    page = soup(app.get(f"/organization/bulk_process/{name}", headers=as_who))
    assert not page.select("[name^=bulk_action]")
    links = [each["href"] for each in page.select(".primary .sd-btn")]
    assert links == ["/tugas", f"/organization/{name}"]
