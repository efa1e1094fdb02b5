"""The profile as a table to read: made of the mapping and the shapes, never written by hand.

``python -m ckanext.satudata.domain.federation.profile_table`` prints it as Markdown, for
``schemas/shacl/README.md``.
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

from rdflib import Graph, URIRef
from rdflib.namespace import SH

from ckanext.satudata.domain.federation.mapping import (
    DATASET,
    DATASET_OF_OTHERS,
    DISTRIBUTION,
    DISTRIBUTION_OF_OTHERS,
    Direction,
    Field,
    Kind,
)
from ckanext.satudata.domain.federation.national_reader import kept
from ckanext.satudata.domain.federation.terms import DCAT, PREFIXES, SCHEMA

__all__ = ["Line", "as_markdown", "lines", "shapes", "term"]

_SHAPES = "sdi-ap.ttl"
_MUST, _SHOULD = "must", "should"


class Line(NamedTuple):
    """A property of the profile.

    :ivar name: the field of our form it stands for
    :ivar term: the property with its prefix, ``iri`` whole
    :ivar of: ``dataset`` or ``file``
    :ivar need: ``must``, ``should`` or nothing, by the shapes
    :ivar kept: ways by which it reaches the older reader of the nation
    """

    name: str
    term: str
    iri: str
    of: str
    kind: str
    vocabulary: str
    need: str
    direction: Direction
    kept: tuple[str, ...]
    why: str
    many: bool


@cache
def shapes() -> str:
    """Return the application profile as Turtle, as it is served."""
    return (resources.files("ckanext.satudata.schemas") / "shacl" / _SHAPES).read_text("utf-8")


def term(iri: URIRef) -> str:
    """Return a property with the prefix our pages use."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and "/" not in iri[len(namespace):]:
            return f"{prefix}:{iri[len(namespace):]}"
    return str(iri)


@cache
def _needs() -> dict[tuple[URIRef, URIRef], str]:
    """Return what the shapes demand: class and property -> must or should."""
    graph = Graph().parse(data=shapes(), format="turtle")
    found: dict[tuple[URIRef, URIRef], str] = {}
    for shape, target in graph.subject_objects(SH.targetClass):
        for each in graph.objects(shape, SH.property):
            path = graph.value(each, SH.path)
            least = graph.value(each, SH.minCount) or graph.value(each, SH.qualifiedMinCount)
            if least is None or not isinstance(path, URIRef) or not isinstance(target, URIRef):
                continue
            warned = graph.value(each, SH.severity) == SH.Warning
            key = (target, path)
            found[key] = _SHOULD if warned and found.get(key) != _MUST else _MUST
    return found


def lines() -> list[Line]:
    """Return the whole profile: of a dataset in the order of its form, then of a file."""
    return [
        *_lines("dataset", DCAT.Dataset, (*DATASET, *DATASET_OF_OTHERS)),
        *_lines("file", DCAT.Distribution, (*DISTRIBUTION, *DISTRIBUTION_OF_OTHERS)),
    ]


def _lines(of: str, cls: URIRef, rows: Sequence[Field]) -> Iterator[Line]:
    for row in rows:
        if row.direction is Direction.NEVER:
            continue
        written = row.direction is Direction.OUT
        predicate = row.predicate or SCHEMA.variableMeasured
        whole = SCHEMA.variableMeasured if row.kind is Kind.VARIABLE else predicate
        yield Line(
            row.name,
            term(whole) + (f" / {term(predicate)}" if whole != predicate else ""), str(predicate),
            of, row.kind.name, row.vocabulary,
            "" if predicate == SCHEMA.additionalProperty or written
            else _needs().get((cls, whole), ""),
            row.direction, () if written else kept(row.name, of == "file"), row.why, row.many)


_HEAD = """# Application profile of Satu Data Indonesia (SDI-AP)

`sdi-ap.ttl` holds the shapes, this table what each field of our forms is in DCAT. Both are served
by every portal at `/kode-referensi/profil`. The table is made of the code
(`domain/federation/mapping.py`): do not edit it, run
`python -m ckanext.satudata.domain.federation.profile_table > schemas/shacl/README.md`.

**Need**: *must* is a violation where it is missing, *should* a warning. **Way**: `both` is written
and read, `out` only written since it follows from something else. **Nation**: by which of its ways
the older reader of data.go.id keeps it (`ckan` is `/nasional`, `rdf` the catalog, `pod` is
`/data.json`); a dash where none does.
"""


def as_markdown() -> str:
    """Return the table as Markdown, in English."""
    parts = [_HEAD]
    for of, title in (("dataset", "Dataset"), ("file", "File (`dcat:Distribution`)")):
        parts.append(f"\n## {title}\n\n| Field | Property | Value | Need | Way | Nation | Why |\n"
                     "| --- | --- | --- | --- | --- | --- | --- |\n")
        for line in lines():
            if line.of == of:
                value = _KINDS[line.kind] + (f" (`{line.vocabulary}`)" if line.vocabulary else "")
                parts.append("| " + " | ".join((
                    f"`{line.name}`", f"`{line.term}`", value, line.need or "-",
                    "both" if line.direction is Direction.BOTH else "out",
                    ", ".join(line.kept) or "-", line.why)) + " |\n")
    return "".join(parts)


_KINDS = {row.kind.name: row.kind.value for row in (
    *DATASET, *DATASET_OF_OTHERS, *DISTRIBUTION, *DISTRIBUTION_OF_OTHERS)}


if __name__ == "__main__":
    print(as_markdown(), end="")
