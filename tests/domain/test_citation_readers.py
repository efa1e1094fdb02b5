"""Citations read by the libraries of other people: nothing a title holds breaks an entry."""
from __future__ import annotations

import datetime as dt
import json
import re
import warnings

import bibtexparser
import rispy
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle
from citeproc import formatter as formatters
from citeproc.source.json import CiteProcJSON
from hypothesis import given, settings
from hypothesis import strategies as st
from nasional_samples import HOSTILE

from ckanext.satudata.domain.versions import citation
from ckanext.satudata.domain.versions.citation import Cited

_TEXTS = st.text(max_size=80) | st.sampled_from(HOSTILE) | st.sampled_from([
    "Stunting & gizi 100% {baru}_1", "a}}, url = {https://b", "Satu\r\nER  - \r\nTY  - BOOK",
    "@misc{x,", 'tanda " kutip', "Dinas A, B, dan C", r"\textbf{x}", "ngéñ ꦗꦮ", "{", "}", "\\",
])
CITED = st.builds(
    Cited, producer=_TEXTS, region=st.just("Kabupaten Serang"), title=_TEXTS,
    number=st.none() | st.integers(1, 999), portal=_TEXTS, publisher=st.just("") | _TEXTS,
    released=st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)),
    url=st.just("https://data.serangkab.go.id/dataset/stunting/versi/3"), name=_TEXTS,
    accessed=st.none() | st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)))
#: How a reader of TeX writes the signs that were escaped.
_SIGNS = {r"\textbackslash{}": "\\", r"\textbraceleft{}": "{", r"\textbraceright{}": "}",
          r"\textasciitilde{}": "~", r"\textasciicircum{}": "^",
          **{f"\\{each}": each for each in "&%$#_"}}


def plain(tex: str) -> str:
    pattern = "|".join(map(re.escape, _SIGNS))
    return re.sub(pattern, lambda found: _SIGNS[found.group()], tex)


def shown(text: str) -> str:
    """Return a text as one line, as a citation writes it."""
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+", " ", text).strip()


@settings(max_examples=150, deadline=None)
@given(CITED)
def test_a_reader_of_bibtex_gets_one_entry_with_the_same_title(cited: Cited) -> None:
    library = bibtexparser.parse_string(citation.bibtex(cited))
    assert library.failed_blocks == []
    entry, = library.entries
    assert (entry.entry_type, entry.key) == ("misc", cited.key)
    found = {name: each.value for name, each in entry.fields_dict.items()}
    if shown(cited.title):
        assert plain(found["title"][1:-1]) == shown(cited.title)
    assert plain(found["author"][1:-1]) == cited.author
    assert found["year"] == str(cited.released.year) and found["url"] == cited.url
    assert found.get("version") == (str(cited.number) if cited.number else None)
    assert found.get("urldate") == (cited.accessed.isoformat() if cited.accessed else None)


@settings(max_examples=150, deadline=None)
@given(CITED)
def test_a_reader_of_ris_gets_one_record_with_the_same_title(cited: Cited) -> None:
    record, = rispy.loads(citation.ris(cited))
    assert record["type_of_reference"] == "DATA"
    assert record.get("title", "") == shown(cited.title)
    assert record["year"] == str(cited.released.year)
    assert record["urls"] == [cited.url]
    assert len(record["authors"]) == 1 and "," not in record["authors"][0]


@settings(max_examples=100, deadline=None)
@given(CITED)
def test_csl_json_is_json_of_one_item(cited: Cited) -> None:
    item, = json.loads(citation.csl(cited).encode("utf-8"))
    assert item["id"] == cited.key and item["type"] == "dataset"
    assert item["URL"] == cited.url and item.get("title", "") == shown(cited.title)


def test_a_citation_processor_writes_a_bibliography_from_csl_json() -> None:
    cited = Cited("Dinas Kesehatan", "Kabupaten Serang", "Stunting & gizi", 3, "Satu Data Serang",
                  dt.date(2026, 3, 10), "https://data.id/dataset/stunting/versi/3", "stunting",
                  "Pemerintah Kabupaten Serang", dt.date(2026, 11, 22))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what it does not know of the standard
        source = CiteProcJSON(json.loads(citation.csl(cited)))
        bibliography = CitationStylesBibliography(
            CitationStylesStyle("harvard-cite-them-right", validate=False), source,
            formatters.plain)
        bibliography.register(Citation([CitationItem("stunting-v3")]))
        made = "".join(map(str, bibliography.bibliography()))
    assert "Dinas Kesehatan Kabupaten Serang" in made
    assert "2026" in made and "Stunting & gizi" in made
