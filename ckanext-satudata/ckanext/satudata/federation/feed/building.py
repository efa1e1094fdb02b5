"""What the feed says of one dataset: read as the public reads it, written in every form.

One graph is built by the configured profiles, as ckanext-dcat would at each request; the syntaxes
are derived from its triples. A form that fails on what a dataset holds is logged and says only the
title there, so that no dataset takes a page of others, or all that is settled, with it.
"""
from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, TypeVar

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckanext.dcat.processors import RDFSerializer
from ckanext.dcat.utils import dataset_uri
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.plugins.stores.memory import SimpleMemory

from ckanext.satudata import config
from ckanext.satudata.domain.federation.joined import deflated, packed
from ckanext.satudata.domain.federation.nasional import flattened
from ckanext.satudata.domain.federation.pod import pod_bytes, pod_dataset
from ckanext.satudata.domain.federation.syntaxes import fragments
from ckanext.satudata.domain.federation.terms import DCAT, DCT, literal
from ckanext.satudata.federation.beside import beside, told
from ckanext.satudata.federation.site import site

__all__ = ["Built", "anonymous", "as_json", "build", "serializer", "stored", "utc"]

log = logging.getLogger(__name__)

Data = dict[str, Any]
T = TypeVar("T")
#: What is said of a dataset that cannot be written otherwise.
_TITLE = ("id", "name", "title", "metadata_created", "metadata_modified")
#: What a serializer reads of the configuration.
_CONFIGURED = ("ckanext.dcat.rdf.profiles", "ckanext.dcat.compatibility_mode")


@dataclass(frozen=True)
class Built:
    """A dataset in every form.

    :ivar created: when the dataset was made (UTC)
    :ivar pieces: syntax -> compressed bytes, without ``nasional``
    :ivar nasional: says when it changed, which is known only when it is written
    :ivar content_hash: of all of it
    """

    package_id: str
    iri: str
    created: dt.datetime
    modified: dt.datetime
    harvested: bool
    pieces: Mapping[str, bytes]
    nasional: Data
    content_hash: str

    def stamped(self, at: dt.datetime) -> bytes:
        """Return what the national portal reads, changed at a moment."""
        return stored({**self.nasional, "metadata_modified": naive(at)})


def anonymous() -> Data:
    """Return the context of somebody without an account, reading the database."""
    return {"user": "", "auth_user_obj": None, "use_cache": False}


def build(package_id: str) -> Built | None:
    """Read a dataset and write it in every form; ``None`` for one the public may not read."""
    record = _shown(package_id)
    if record is None or record.get("private") or record.get("state") != "active":
        return None
    ours, known = site(), beside(package_id)
    iri, texts = _texts(told(record, known))
    modified = _moment(record.get("metadata_modified"))
    pod = _made(pod_dataset, record, ours)
    nasional = _made(partial(flattened, inspected=known.inspected), record, ours,
                     modified, config.bentuk_nasional())
    said = json.dumps({**nasional, "metadata_modified": ""}, sort_keys=True)
    digest = hashlib.sha256()
    for each in (texts["nt"], pod_bytes(pod), said.encode()):
        digest.update(hashlib.sha256(each).digest())
    return Built(
        package_id, iri, _moment(record.get("metadata_created")), modified,
        known.harvested,
        {name: packed(deflated(text)) for name, text in {**texts, "pod": pod_bytes(pod)}.items()},
        nasional, digest.hexdigest())


def _shown(package_id: str) -> Data | None:
    """Return a dataset as the public reads it; what cannot be shown is known by its title."""
    try:
        return tk.get_action("package_show")(anonymous(), {"id": package_id})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None
    except sa.exc.SQLAlchemyError:
        raise  # of the database, not of this dataset
    except Exception:
        log.exception("Dataset %s cannot be shown", package_id)
        package = model.Package.get(package_id)
        if package is None:
            return None
        said = {name: getattr(package, name) for name in (*_TITLE, "private", "state")}
        return {name: each.isoformat() if isinstance(each, dt.datetime) else each
                for name, each in said.items()}


def _texts(record: Data) -> tuple[str, Mapping[str, bytes]]:
    """Return the IRI of a dataset, and what the profiles say of it in every syntax."""
    described = serializer()  # fails for all datasets alike where it is not configured right
    try:
        ref = described.graph_from_dataset(record)
        return str(ref), fragments(described.g.triples((None, None, None)), URIRef(ref))
    except Exception:
        log.exception("Dataset %s cannot be written as RDF", record["id"])
        ref = URIRef(dataset_uri(record))
        title = literal(record.get("title")) or Literal(record["name"])
        return str(ref), fragments([(ref, RDF.type, DCAT.Dataset), (ref, DCT.title, title)], ref)
def serializer(profiles: Sequence[str] = ()) -> RDFSerializer:
    """Return a serializer of some profiles, the configured ones unless named, and no triples.

    :raises RDFProfileException: there is no such profile
    """
    made = copy(_loaded(*map(tk.config.get, _CONFIGURED), *profiles))
    made.g = _Bare()
    return made


class _Collected(SimpleMemory):
    """Triples as they came, each once; sorted to be found only when somebody looks for some."""

    def __init__(self) -> None:
        super().__init__()
        self._came: dict[Any, None] | None = {}

    def add(self, triple: Any, context: Any, quoted: bool = False) -> None:
        if self._came is None:
            super().add(triple, context, quoted)
        else:
            self._came[triple] = None

    def remove(self, triple_pattern: Any, context: Any = None) -> None:
        self._sort()
        super().remove(triple_pattern, context)

    def triples(self, triple_pattern: Any, context: Any = None) -> Iterator[Any]:
        if self._came is None or triple_pattern != (None, None, None):
            self._sort()
            yield from super().triples(triple_pattern, context)
        else:
            for triple in self._came:
                yield triple, iter(())

    def _sort(self) -> None:
        came, self._came = self._came, None
        for triple in came or ():
            super().add(triple, None)


class _Bare(Graph):
    """A graph to collect triples in at a third of the cost: no indexes, contexts or prefixes."""

    def __init__(self) -> None:
        super().__init__(_Collected(), bind_namespaces="none")

    def bind(self, *_args: Any, **_more: Any) -> None:
        """Leave prefixes to who spells."""


@lru_cache(maxsize=32)
def _loaded(_configured: Any, _compatible: Any, *profiles: str) -> RDFSerializer:
    """Look up profiles, once: that reads what every installed package says of itself (10 ms)."""
    return RDFSerializer(profiles=list(profiles))


def _made(make: Callable[..., T], record: Data, *more: Any) -> T:
    """Make a form of a dataset, or of its title where the dataset cannot be written so."""
    try:
        return make(record, *more)
    except Exception:
        log.exception("Dataset %s cannot be written by %s", record["id"], make)
        return make({name: record.get(name) for name in _TITLE}, *more)


def as_json(made: Any) -> bytes:
    """Return compact JSON; what JSON cannot say was made text by whoever made it."""
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode()


def stored(made: Any) -> bytes:
    """Return compact JSON as it is stored."""
    return packed(deflated(as_json(made)))


def naive(at: dt.datetime) -> str:
    """Return a moment as CKAN writes it: UTC, and does not say so."""
    return at.astimezone(dt.timezone.utc).replace(tzinfo=None).isoformat(timespec="microseconds")


def utc(at: dt.datetime) -> dt.datetime:
    """Return a moment in UTC; one that names no zone is in UTC already, as CKAN's are."""
    return at.replace(tzinfo=dt.timezone.utc) if at.tzinfo is None else at.astimezone(
        dt.timezone.utc)


def _moment(stamp: object) -> dt.datetime:
    return utc(dt.datetime.fromisoformat(str(stamp)))
