"""How a version is cited: in a sentence, and in the formats of reference managers.

A figure without its version cannot be checked: whoever reads a report years later must find the
numbers its author saw. So a citation names producer, year, title, version, portal, day of release
and the address of that very version (DataCite 4.5, in the order Indonesian offices write it).
"""
from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass

__all__ = ["FORMATS", "Cited", "bibtex", "csl", "ris"]

#: Suffix of a download -> its media type.
FORMATS = {
    "bib": "application/x-bibtex",
    "json": "application/vnd.citationstyles.csl+json",
    "ris": "application/x-research-info-systems",
}
#: BibTeX counts braces whether a backslash stands before them or not.
_TEX = {"\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "&": r"\&",
        "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}"}


@dataclass(frozen=True)
class Cited:
    """What a citation names.

    :param producer: title of the OPD
    :param region: "Kabupaten Serang"; added to the producer's name where that does not say it
    :param released: day of publication in the zone of the government
    :param url: of this very version
    :param name: name of the dataset, for a key that people recognise
    """

    producer: str
    region: str
    title: str
    number: int
    portal: str
    released: dt.date
    url: str
    name: str = ""

    @property
    def author(self) -> str:
        """The producer as others outside the region must read it: "Dinas Kesehatan Kab. X"."""
        producer = _line(self.producer)
        region = _line(self.region)
        if not producer or region.casefold() in producer.casefold():
            return producer or region
        return f"{producer} {region}"

    @property
    def key(self) -> str:
        """A key for reference managers: letters, digits, dashes."""
        name = re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")[:80]
        return f"{name or 'dataset'}-v{self.number}"


def bibtex(cited: Cited) -> str:
    """Return a BibTeX entry; ``@misc``, which classic BibTeX knows as well."""
    fields = {
        "author": f"{{{_tex(cited.author)}}}",  # in braces: an office has no given name
        "title": f"{{{_tex(cited.title)}}}",  # and its capitals are its own
        "year": str(cited.released.year),
        "month": str(cited.released.month),
        "publisher": _tex(cited.portal),
        "version": str(cited.number),
        "note": f"Versi {cited.number}",
        "url": re.sub(r"[{}\\\s]", "", cited.url),
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{cited.key},\n{lines}\n}}\n"


def csl(cited: Cited) -> str:
    """Return CSL-JSON: a list of one item."""
    day = cited.released
    item = {
        "id": cited.key, "type": "dataset", "title": _line(cited.title),
        "author": [{"literal": cited.author}],
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "version": str(cited.number), "publisher": _line(cited.portal), "URL": cited.url,
    }
    return json.dumps([item], ensure_ascii=False, indent=1) + "\n"


def ris(cited: Cited) -> str:
    """Return a RIS record; lines end in CR LF, as the format says."""
    day = cited.released
    lines = [
        ("TY", "DATA"), ("AU", cited.author), ("TI", cited.title), ("PY", str(day.year)),
        ("DA", f"{day:%Y/%m/%d}"), ("ET", str(cited.number)), ("PB", cited.portal),
        ("UR", cited.url), ("ER", ""),
    ]
    return "".join(f"{tag}  - {_line(value)}\r\n" for tag, value in lines)


def _line(text: str) -> str:
    """Return a text on one line without control characters: each format ends a field by them."""
    return re.sub(r"[\s\x00-\x1f\x7f]+", " ", text).strip()


def _tex(text: str) -> str:
    return "".join(_TEX.get(each, each) for each in _line(text))
