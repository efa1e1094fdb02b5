"""The archive of a dataset: names every disk takes, and words for who has only the folder."""
from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

import pytest
from federation_samples import SITE
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nasional_samples import HOSTILE, RECORDS
from test_data_package import FILE, RECORD

from ckanext.satudata.domain.federation.archive import file_name, readme
from ckanext.satudata.domain.federation.data_package import FileFacts, data_package


@pytest.mark.parametrize(("wanted", "kind", "made"), [
    ("penduduk.csv", "CSV", "penduduk.csv"),
    ("../../etc/passwd", "", "passwd"),
    (r"C:\Users\a\data 1.xlsx", "XLSX", "data 1.xlsx"),
    ("con.csv", "CSV", "_con.csv"),
    ("LPT1", "CSV", "_LPT1.csv"),
    ("a<b>:c?.csv", "CSV", "a-b--c-.csv"),
    ("", "CSV", "berkas.csv"),
    ("..", "", "berkas"),
    (".htaccess", "", "htaccess"),
    ("nama. ", "PDF", "nama.pdf"),
    ("kérja ꦗ.csv", "CSV", "kérja ꦗ.csv"),
    ("e\u0301.csv", "CSV", "é.csv"),
    ("\u202evsc.exe", "", "vsc.exe"),
])
def test_a_name_is_one_every_disk_takes(wanted: str, kind: str, made: str) -> None:
    assert file_name(wanted, kind, ()) == made


def test_two_names_that_windows_takes_for_one_are_told_apart() -> None:
    assert file_name("A.csv", "CSV", {"a.csv"}) == "A-2.csv"
    assert file_name("A.csv", "CSV", {"a.csv", "a-2.csv"}) == "A-3.csv"


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300) | st.sampled_from(HOSTILE), st.sampled_from(["CSV", "", "aneh/../x"]))
def test_no_name_leads_out_of_its_folder(wanted: str, kind: str) -> None:
    name = file_name(wanted, kind, ())
    assert name and name not in (".", "..") and len(name.encode()) <= 255
    assert not set('<>:"/\\|?*') & set(name)
    assert not any(unicodedata.category(each)[0] == "C" for each in name)
    assert name == name.strip(" .") and not name.startswith(("~", "."))
    assert not re.match(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)", name)


def test_who_has_only_the_folder_reads_what_it_is() -> None:
    schema = {"fields": [{"name": "jumlah", "type": "integer", "satuan": "jiwa"},
                         {"name": "status", "kode_referensi": "status_angka"}]}
    link = {"id": "l", "name": "Tautan", "url": "https://lain.go.id/x.csv"}
    record = {**RECORD, "resources": [{**FILE, "skema": json.dumps(schema)}, link]}
    text = readme(data_package(
        record, SITE, {"f": FileFacts(path="data/penduduk.csv")}, archive=True,
        citation="Dinas Kesehatan (2026). Judul saja, versi 3."), SITE, "22 November 2026")
    assert text.startswith("Judul saja\r\n==========\r\n")
    for part in ("Dinas Kesehatan (2026). Judul saja, versi 3.", "Creative Commons Atribusi 4.0",
                 "data/penduduk.csv", "jumlah: satuan jiwa", "https://lain.go.id/x.csv",
                 "sementara", "bukan nol", "22 November 2026", SITE.government):
        assert part in text, part
    assert "\n" not in text.replace("\r\n", "")


@settings(max_examples=60, deadline=None)
@given(RECORDS)
@example({"id": "d", "title": "dua\nbaris", "organization": {"title": "Dinas\nA"}})
def test_whatever_a_dataset_holds_there_is_a_page_to_read(record: dict[str, Any]) -> None:
    text = readme(data_package(record, SITE, archive=True), SITE, "hari ini")
    assert "\n" not in text.replace("\r\n", "")
    assert text.encode("utf-8") and "datapackage.json" in text
