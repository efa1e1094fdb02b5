"""How one IRI, name, literal or blank node is spelled in each syntax.

What some syntax cannot carry is changed here, in all syntaxes alike, so that a
dataset is the same whatever a reader asks for: control characters and lone
surrogates leave a text, and an IRI has encoded what may not stand in one.
"""
from __future__ import annotations

import json
import re
import string
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from ckanext.satudata.domain.federation.terms import (
    EUVOC,
    ORG,
    OWL,
    PREFIXES,
    RDF,
    RDFS,
    XSD,
    encoded,
)

__all__ = ["TABLE", "Name", "Node", "Value", "blank_node", "iri_node", "name", "value"]

#: The one table of prefixes of all syntaxes: what a page declares, once, at its beginning.
#: No prefix is a scheme of an IRI we write (``urn:``, ``doi:``, ``tag:``): JSON-LD would read
#: such an IRI as a compact one.
TABLE: Mapping[str, str] = {
    **{prefix: str(namespace) for prefix, namespace in PREFIXES.items()},
    "as": "https://www.w3.org/ns/activitystreams#",
    "euvoc": str(EUVOC),
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "ldes": "https://w3id.org/ldes#",
    "org": str(ORG),
    "owl": str(OWL),
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "tree": "https://w3id.org/tree#",
    "xsd": str(XSD),
}
_PREFIX_OF = {namespace: prefix for prefix, namespace in TABLE.items()}

#: What XML 1.0 has no way to say, not even by number (section 2.2, Char).
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_LANGUAGE = re.compile(r"[A-Za-z]+(?:-[A-Za-z0-9]+)*")

#: A local name that is one in Turtle (PN_LOCAL) and XML (NCName) without any escape.
_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9_\-]*")
#: XML 1.0 added letters to names in its fifth edition; ASCII is a name for every reader.
_NOT_AT_START = string.digits + ".-"
_IN_NAME = string.ascii_letters + "_" + _NOT_AT_START
#: A namespace must be a URI, in ASCII (Namespaces in XML 1.0, section 2.1); libxml2 holds to it.
_NAMESPACE = re.compile(
    r"[a-z][a-z0-9+.\-]*:(?:[a-z0-9!$&'()*+,\-./:;=@_~?]|%[0-9a-f]{2})*"
    r"(?:#(?:[a-z0-9!$&'()*+,\-./:;=@_~?]|%[0-9a-f]{2})*)?", re.ASCII | re.IGNORECASE
)
#: Namespaces that may have no other prefix (section 3).
_RESERVED = ("http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2000/xmlns/")
#: Names that mean something else as an element of RDF/XML (section 7.2.2).
_NOT_ELEMENT = frozenset(
    f"{RDF}{word}" for word in (
        "RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "Description", "li",
        "aboutEach", "aboutEachPrefix", "bagID",
    )
)
#: An IRI that JSON-LD would take for a compact one (JSON-LD 1.1 API, IRI expansion).
_COMPACT = re.compile(rf"(?:{'|'.join(TABLE)}):(?!//)")

_TO_ESCAPE = re.compile('["\\\\\t\n\r\x85\u2028\u2029]')
#: Ends of a line to some readers of lines, though not to the standards.
_LINE_ENDS = ("\x85", "\u2028", "\u2029")
_json = json.JSONEncoder(ensure_ascii=False).encode


class Node(NamedTuple):
    """An IRI or a blank node as subject or object."""

    #: As N-Triples say it; what nodes are told apart and sorted by.
    key: str
    turtle: str
    #: The JSON string of ``@id``.
    json: str
    #: Attribute of a node element of RDF/XML.
    about: str
    #: Attribute of an empty property element of RDF/XML.
    resource: str
    #: Whether a reader of JSON-LD that knows :data:`TABLE` would read another IRI.
    ambiguous: bool


class Name(NamedTuple):
    """An IRI as predicate, class or datatype."""

    key: str
    turtle: str
    #: The JSON string, shortened by the table.
    json: str
    #: The JSON string, in full.
    full: str
    #: What stands in the start tag of its element; empty where RDF/XML has no such element.
    start: str
    end: str
    ambiguous: bool


class Value(NamedTuple):
    """A literal."""

    key: str
    turtle: str
    json: str
    #: The JSON that needs no table.
    full: str
    #: Attributes of its property element.
    attributes: str
    #: Content of its property element.
    content: str
    ambiguous: bool


@lru_cache(maxsize=4096)
def iri_node(text: str) -> Node | None:
    """Return an IRI as a node, ``None`` for a relative one: that names nothing on its own."""
    text = encoded(text)
    if not _ABSOLUTE.match(text):
        return None
    attribute = _attribute(text)
    return Node(
        f"<{text}>", _short(text) or f"<{text}>", _json(text), f" rdf:about={attribute}",
        f" rdf:resource={attribute}", _COMPACT.match(text) is not None,
    )


def blank_node(label: str) -> Node:
    """Return a blank node; ``label`` is made of ASCII letters and digits, a letter first."""
    attribute = f' rdf:nodeID="{label}"'
    return Node(f"_:{label}", f"_:{label}", f'"_:{label}"', attribute, attribute, False)


@lru_cache(maxsize=2048)
def name(text: str) -> Name | None:
    """Return an IRI as the name of a property, class or datatype; ``None`` for a relative one."""
    text = encoded(text)
    if not _ABSOLUTE.match(text):
        return None
    short = _short(text)
    start = end = ""
    if text not in _NOT_ELEMENT:
        if short:
            start = end = short
        else:
            namespace, local = _parts(text)
            if local and _NAMESPACE.fullmatch(namespace) and namespace not in _RESERVED:
                start, end = f"n:{local} xmlns:n={_attribute(namespace)}", f"n:{local}"
    return Name(
        f"<{text}>", short or f"<{text}>", _json(short or text), _json(text), start, end,
        _COMPACT.match(text) is not None,
    )


def value(text: str, language: str | None, datatype: str | None) -> Value:
    """Return a literal; what of its language or datatype cannot be said is left out."""
    # Labels and codes come again in every dataset, long texts do not.
    return (_remembered if len(text) < 64 else _value)(text, language, datatype)


def _value(text: str, language: str | None, datatype: str | None) -> Value:
    text = _NOT_XML.sub("", text)
    written, quoted, content = _json(text), f'"{text}"', _content(text)
    if _TO_ESCAPE.search(text):
        quoted = _escaped(text)
        for end in _LINE_ENDS:
            written = written.replace(end, f"\\u{ord(end):04x}")
    if language and _LANGUAGE.fullmatch(language):
        tagged = f"{quoted}@{language}"
        whole = f'{{"@value":{written},"@language":"{language}"}}'
        return Value(tagged, tagged, whole, whole, f' xml:lang="{language}"', content, False)
    kind = name(datatype) if datatype else None
    if kind is None:
        # A string alone is a plain literal: the context sets no language and no type.
        return Value(quoted, quoted, written, written, "", content, False)
    return Value(
        f"{quoted}^^{kind.key}", f"{quoted}^^{kind.turtle}",
        f'{{"@value":{written},"@type":{kind.json}}}',
        f'{{"@value":{written},"@type":{kind.full}}}',
        f" rdf:datatype={_attribute(kind.key[1:-1])}", content, kind.ambiguous,
    )


_remembered = lru_cache(maxsize=4096)(_value)


def _short(text: str) -> str:
    """Return ``prefix:local`` where the table has the namespace, else nothing."""
    at = max(text.rfind("#"), text.rfind("/")) + 1
    prefix = _PREFIX_OF.get(text[:at])
    return f"{prefix}:{text[at:]}" if prefix and _LOCAL.fullmatch(text, at) else ""


def _parts(text: str) -> tuple[str, str]:
    """Return an IRI as namespace and the longest name it ends in, which may be empty."""
    at = len(text.rstrip(_IN_NAME))
    if text[at - 1] == "%":  # not between a percent sign and its digits
        at += 2
    local = text[at:].lstrip(_NOT_AT_START)
    return text[: len(text) - len(local)], local


def _escaped(text: str) -> str:
    """Return a literal in quotation marks for Turtle and N-Triples, on one line."""
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    text = text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    for end in _LINE_ENDS:
        text = text.replace(end, f"\\u{ord(end):04X}")
    return f'"{text}"'


def _content(text: str) -> str:
    # A carriage return as it is would be read as a line feed (XML 1.0, section 2.11).
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "&#13;")


def _attribute(text: str) -> str:
    """Return an IRI as the value of an attribute: it holds neither quotation marks nor spaces."""
    return f'"{text.replace("&", "&amp;")}"'
