"""How a version is cited: in a sentence, and in the formats of reference managers.

A figure without its version cannot be checked: whoever reads a report years later must find the
numbers its author saw. So a citation names producer, year, title, version, portal, day of release
and the address of that very version (DataCite 4.5, in the order Indonesian offices write it).
Formats: BibTeX as of btxdoc (1988) with the fields of BibLaTeX, CSL-JSON 1.0.2, and RIS of 2011.
"""
from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from typing import Any

__all__ = ["FORMATS", "Cited", "bibtex", "csl", "csl_item", "ris"]

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
    :param number: of the version; None for data whose versions are not kept, as of other portals
    :param released: day of publication in the zone of the government
    :param url: of this very version
    :param name: name of the dataset, for a key that people recognise
    :param publisher: the government; the portal where it is not said
    :param accessed: day somebody reads it, for styles that want it
    """

    producer: str
    region: str
    title: str
    number: int | None
    portal: str
    released: dt.date
    url: str
    name: str = ""
    publisher: str = ""
    accessed: dt.date | None = None

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
        return (name or "dataset") + (f"-v{self.number}" if self.number is not None else "")


def bibtex(cited: Cited) -> str:
    """Return a BibTeX entry; ``@misc``, which classic BibTeX knows as well."""
    fields = {
        "author": f"{{{_tex(cited.author)}}}",  # in braces: an office has no given name
        "title": f"{{{_tex(cited.title)}}}",  # and its capitals are its own
        "year": str(cited.released.year),
        "month": str(cited.released.month),
        "publisher": _tex(cited.publisher or cited.portal),
        "howpublished": _tex(cited.portal) if cited.publisher else "",
        "version": str(cited.number) if cited.number is not None else "",
        "note": f"Versi {cited.number}" if cited.number is not None else "",
        "url": re.sub(r"[{}\\\s]", "", cited.url),
        "urldate": cited.accessed.isoformat() if cited.accessed else "",
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@misc{{{cited.key},\n{lines}\n}}\n"


def csl_item(cited: Cited) -> dict[str, Any]:
    """Return one item of CSL-JSON."""
    item: dict[str, Any] = {
        "id": cited.key, "type": "dataset", "title": _line(cited.title),
        "author": [{"literal": cited.author}], "issued": _parts(cited.released),
        "version": str(cited.number) if cited.number is not None else "",
        "publisher": _line(cited.publisher or cited.portal),
        "source": _line(cited.portal) if cited.publisher else "", "URL": cited.url,
        "accessed": _parts(cited.accessed) if cited.accessed else "",
    }
    return {name: given for name, given in item.items() if given}


def csl(cited: Cited) -> str:
    """Return CSL-JSON: a list of one item."""
    return json.dumps([csl_item(cited)], ensure_ascii=False, indent=1) + "\n"


def ris(cited: Cited) -> str:
    """Return a RIS record; lines end in CR LF, as the format says."""
    lines = [
        ("TY", "DATA"), ("AU", _reversible(cited.author)), ("TI", cited.title),
        ("PY", str(cited.released.year)), ("DA", _slashed(cited.released)),
        ("ET", str(cited.number) if cited.number is not None else ""),
        ("PB", cited.publisher or cited.portal), ("DP", cited.portal if cited.publisher else ""),
        ("UR", cited.url), ("Y2", _slashed(cited.accessed) if cited.accessed else ""),
    ]
    return "".join(f"{tag}  - {line}\r\n" for tag, value in lines
                   if (line := _line(value))) + "ER  - \r\n"


def _parts(day: dt.date) -> dict[str, list[list[int]]]:
    return {"date-parts": [[day.year, day.month, day.day]]}


def _slashed(day: dt.date) -> str:
    return day.isoformat().replace("-", "/")


def _reversible(author: str) -> str:
    """Return an office as RIS can name one: what stands before a comma would be a family name."""
    return author.replace(",", " ")


def _line(text: str) -> str:
    """Return a text on one line without control characters: each format ends a field by them."""
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+", " ", text).strip()


def _tex(text: str) -> str:
    return "".join(_TEX.get(each, each) for each in _line(text))
