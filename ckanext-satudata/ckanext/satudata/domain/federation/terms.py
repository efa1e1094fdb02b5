"""Namespaces, and the making of literals and IRIs that every reader can read again.

One control character in one title makes a whole RDF/XML page unreadable, and one
blank in one link a whole Turtle page; so nothing reaches a graph but through here.
"""
from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, cast
from urllib.parse import quote, unquote, urlsplit

from rdflib import Literal, Namespace, URIRef
from rdflib.namespace import XSD
from rdflib.term import Node

__all__ = [
    "ADMS", "DCAT", "DCATAP", "DCT", "DQV", "ELI", "EU", "EUVOC", "FOAF", "GEODCATAP", "IANA",
    "LOCN", "OA", "ORG", "OWL", "PREFIXES", "PROV", "QB", "RDF", "RDFS", "SCHEMA",
    "SDMX_ATTRIBUTE", "SDMX_DIMENSION", "SKOS", "SPDX", "TIME", "VCARD", "XSD",
    "as_list", "as_records", "clean_text", "cleaned", "concept_of", "date_literal", "email_iri",
    "encoded", "iri", "literal", "segment", "unsegment", "value_of", "words",
]


class _Terms(Namespace):
    """A namespace that makes each of its terms once: a dataset asks for two hundred of them."""

    def __getattr__(self, name: str) -> URIRef:
        made = super().__getattr__(name)
        setattr(self, name, made)  # found before this method from now on
        return made


ADMS = _Terms("http://www.w3.org/ns/adms#")
DCAT = _Terms("http://www.w3.org/ns/dcat#")
DCATAP = _Terms("http://data.europa.eu/r5r/")
DCT = _Terms("http://purl.org/dc/terms/")
DQV = _Terms("http://www.w3.org/ns/dqv#")
ELI = _Terms("http://data.europa.eu/eli/ontology#")
EUVOC = _Terms("http://publications.europa.eu/ontology/euvoc#")
FOAF = _Terms("http://xmlns.com/foaf/0.1/")
GEODCATAP = _Terms("http://data.europa.eu/930/")
LOCN = _Terms("http://www.w3.org/ns/locn#")
OA = _Terms("http://www.w3.org/ns/oa#")
ORG = _Terms("http://www.w3.org/ns/org#")
OWL = _Terms("http://www.w3.org/2002/07/owl#")
PROV = _Terms("http://www.w3.org/ns/prov#")
QB = _Terms("http://purl.org/linked-data/cube#")
RDF = _Terms("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = _Terms("http://www.w3.org/2000/01/rdf-schema#")
SCHEMA = _Terms("http://schema.org/")
SDMX_ATTRIBUTE = _Terms("http://purl.org/linked-data/sdmx/2009/attribute#")
SDMX_DIMENSION = _Terms("http://purl.org/linked-data/sdmx/2009/dimension#")
SKOS = _Terms("http://www.w3.org/2004/02/skos/core#")
SPDX = _Terms("http://spdx.org/rdf/terms#")
TIME = _Terms("http://www.w3.org/2006/time#")
VCARD = _Terms("http://www.w3.org/2006/vcard/ns#")
EU = _Terms("http://publications.europa.eu/resource/authority/")
IANA = _Terms("https://www.iana.org/assignments/media-types/")

#: Bound to every graph we write, so that pages read the same everywhere.
PREFIXES: Mapping[str, Namespace] = {
    "adms": ADMS, "dcat": DCAT, "dcatap": DCATAP, "dct": DCT, "dqv": DQV, "eli": ELI,
    "foaf": FOAF, "geodcatap": GEODCATAP, "locn": LOCN, "oa": OA, "prov": PROV, "qb": QB,
    "schema": SCHEMA, "sdmx-attribute": SDMX_ATTRIBUTE, "sdmx-dimension": SDMX_DIMENSION,
    "skos": SKOS, "spdx": SPDX, "vcard": VCARD,
}

#: What XML 1.0 cannot carry, and the noncharacters no text needs.
_NOT_TEXT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_SCHEMES = frozenset({"http", "https", "ftp", "urn", "doi", "tag"})
#: What may not stand in an IRI (RFC 3987, section 2.2: ucschar); nor any kind of space, which
#: readers of N-Triples take for its end, nor marks of direction (section 4.1).
_NOT_IRI = re.compile(
    "[^!#$%&'()*+,\\-./0-9:;=?@A-Z\\[\\]_a-z~\xa1-\u167f\u1681-\u1fff\u200b-\u200d\u2010-\u2027"
    "\u2030-\u205e\u2060-\u2fff\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\uffef"
    + "".join(f"{chr(plane)}-{chr(plane + 0xFFFD)}" for plane in range(0x10000, 0xE0000, 0x10000))
    + "\U000e1000-\U000efffd]"
)
#: Scheme and authority, the rest, the fragment.
_IRI_PARTS = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*:(?://[^/?#]*)?)?([^#]*)(?:#(.*))?", re.DOTALL)
_BARE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,253}")
_CONCEPT = re.compile(r"https?://[^/?#]+(?:/[^?#]*)?/kode-referensi/([a-z_]{1,60})/([^/?#]+)")
_MAX_IRI = 4000

_YEAR = re.compile(r"[0-9]{4}")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def clean_text(value: object) -> str:
    """Return the text without what some syntax of RDF cannot carry.

    Line ends become one line feed: an XML reader would change them anyway.
    """
    return _NOT_TEXT.sub("", str(value).replace("\r\n", "\n").replace("\r", "\n"))


def literal(value: object, lang: str | None = None) -> Literal | None:
    """Return a literal of a JSON value, ``None`` where nothing is left of it.

    Numbers and booleans keep their type, so that reading gives back what was written.
    """
    if isinstance(value, bool):
        return Literal(value)
    if isinstance(value, int):
        return Literal(str(value), datatype=XSD.integer, normalize=False)
    if isinstance(value, (float, Decimal)):
        return Literal(repr(float(value)), datatype=XSD.double)
    if isinstance(value, (dict, list)):
        value = json.dumps(value, ensure_ascii=False, sort_keys=True)
    text = clean_text(value)
    if not text.strip():
        return None
    return Literal(text, lang=lang, normalize=False)


def cleaned(node: Node) -> Node:
    """Return a node that every syntax can carry: of text that some cannot, what is left."""
    if not isinstance(node, Literal):
        return node
    text = clean_text(node)
    return node if text == str(node) else Literal(
        text, lang=node.language, datatype=node.datatype, normalize=False)


@lru_cache(maxsize=1024)
def words(text: str, lang: str | None = None) -> Literal | None:
    """Return a literal of words that most datasets share, such as labels of fields; made once."""
    return literal(text, lang)


def value_of(node: object) -> Any:
    """Return the JSON value of a literal: the inverse of :func:`literal`."""
    if isinstance(node, Literal) and node.datatype in (XSD.integer, XSD.boolean, XSD.double):
        made = cast(object, node.toPython())
        if isinstance(made, (bool, int, float)):
            return made
    return str(node)


def date_literal(value: object) -> Literal | None:
    """Return a typed literal of an ISO year, month, day or time; ``None`` for anything else."""
    text = clean_text(value).strip()
    if _YEAR.fullmatch(text):
        return Literal(text, datatype=XSD.gYear, normalize=False)
    if _MONTH.fullmatch(text):
        return Literal(text, datatype=XSD.gYearMonth, normalize=False)
    try:
        if len(text) == 10:
            return Literal(date.fromisoformat(text).isoformat(), datatype=XSD.date)
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        return Literal(moment.isoformat(), datatype=XSD.dateTime)
    except ValueError:
        return None


def iri(value: object) -> URIRef | None:
    """Return an IRI that any syntax can carry, ``None`` for what is not an address.

    Characters that may not stand in an IRI are percent-encoded (people paste links
    with blanks); a scheme that a reader would run (``javascript``) is no address.
    """
    text = str(value).strip()
    if not text or len(text) > _MAX_IRI:
        return None
    try:
        parts = urlsplit(text)
        if parts.scheme.lower() not in _SCHEMES:
            return None
        if parts.scheme.lower() in ("http", "https", "ftp"):
            if not parts.hostname or _NOT_IRI.search(parts.netloc):
                return None
            _ = parts.port  # raises where it is no number
    except ValueError:
        return None
    return URIRef(encoded(text))


def encoded(text: str) -> str:
    """Return an IRI with what may not stand in one percent-encoded (RFC 3987).

    Brackets stand only around an IPv6 address, ``#`` only once, ``%`` only before two
    hexadecimal digits; strict readers refuse a whole page for one of them. What cannot
    be encoded at all (a lone surrogate) is dropped.
    """
    text = _BARE_PERCENT.sub("%25", text)
    text = _NOT_IRI.sub(lambda found: quote(found.group(), safe="", errors="ignore"), text)
    if "[" in text or "]" in text or text.count("#") > 1:
        found = _IRI_PARTS.fullmatch(text)
        head, rest, fragment = found.groups() if found else (None, text, None)
        text = (head or "") + _without_brackets(rest)
        if fragment is not None:
            text += "#" + _without_brackets(fragment.replace("#", "%23"))
    return text


def _without_brackets(text: str) -> str:
    return text.replace("[", "%5B").replace("]", "%5D")


def email_iri(value: object) -> URIRef | None:
    """Return ``mailto:`` of one address, ``None`` for what is not one."""
    text = clean_text(value).strip().removeprefix("mailto:").strip()
    if not _EMAIL.fullmatch(text):
        return None
    return URIRef("mailto:" + quote(text, safe="@!$&'*+/=?~._-"))


def segment(value: object) -> str:
    """Return text as one segment of an IRI."""
    return quote(clean_text(value), safe="")


def unsegment(value: str) -> str:
    """Return the text of a segment: the inverse of :func:`segment`."""
    return unquote(value)


def concept_of(node: object) -> tuple[str, str] | None:
    """Return vocabulary and code of a concept IRI of any installation of this software.

    Every one serves its codes at ``/kode-referensi/<vocabulary>/<code>``, so a code
    keeps its meaning whoever says it.
    """
    found = _CONCEPT.fullmatch(str(node)) if isinstance(node, URIRef) else None
    return (found.group(1), unsegment(found.group(2))) if found else None


def as_list(value: object) -> list[Any]:
    """Return the items of a list field, which may be a list, JSON text or one value."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            parsed = json.loads(value)
        except ValueError:
            parsed = None
        if isinstance(parsed, list):
            value = cast("list[Any]", parsed)
    items: Iterable[Any] = (
        cast("Iterable[Any]", value) if isinstance(value, (list, tuple)) else [value]
    )
    return [item for item in items if item is not None and item != ""]


def as_records(value: object) -> list[dict[str, Any]]:
    """Return the records of a repeating field, without those that hold nothing."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        value = f"[{value}]"
    if isinstance(value, dict):
        value = [cast("dict[str, Any]", value)]
    return [
        {key: each for key, each in cast("dict[str, Any]", item).items() if each not in (None, "")}
        for item in as_list(value)
        if isinstance(item, dict)
        and any(each not in (None, "") for each in cast("dict[str, Any]", item).values())
    ]
