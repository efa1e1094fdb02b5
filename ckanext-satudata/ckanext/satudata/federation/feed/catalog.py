"""The catalog in RDF, page by page, put together from what is stored.

What the feed cannot answer alone it answers with help: which datasets a search finds the index
says, and how they read in another profile ckanext-dcat; in the same order, with the same links.
"""
from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import ckan.plugins.toolkit as tk
from ckanext.dcat.utils import catalog_uri
from dateutil.parser import parse as parse_date
from rdflib import URIRef

from ckanext.satudata import config
from ckanext.satudata.domain.federation.joined import Stored, unpacked
from ckanext.satudata.domain.federation.paging import (
    Links,
    link_header,
    page_of,
    page_url,
    paging,
    slots_of,
)
from ckanext.satudata.domain.federation.syntaxes import (
    SERVED,
    Syntax,
    fragment,
    membership,
    page,
)
from ckanext.satudata.federation.feed import building, searching
from ckanext.satudata.federation.feed.answering import Answer, version_of
from ckanext.satudata.federation.feed.reading import Reading, Row, State
from ckanext.satudata.federation.site import fingerprint

__all__ = ["Asked", "answer", "asked", "description", "known", "memberships", "page_size"]

#: A page number above this is no page of anybody.
_MOST = 10**9
_LONGEST = 4000


@dataclass(frozen=True)
class Asked:
    """What a reader asked for.

    :ivar extension: a key of ``SERVED``
    :ivar given: the parameters as they were given, for the links to other pages
    """

    extension: str
    page: int = 1
    after: int | None = None
    since: Any = None
    query: str = ""
    filters: str = ""
    profiles: tuple[str, ...] = ()
    given: tuple[tuple[str, str], ...] = ()

    @property
    def syntax(self) -> Syntax:
        """What it is to be written in."""
        return SERVED[self.extension]

    @property
    def is_filtered(self) -> bool:
        """Whether only some datasets are asked for."""
        return bool(self.query or self.filters or self.since is not None)


def page_size() -> int:
    """Return how many datasets (slots) a page has at most: ``ckanext.dcat.datasets_per_page``."""
    return max(1, min(int(tk.config.get("ckanext.dcat.datasets_per_page") or 100), 1000))


def asked(extension: str, given: dict[str, Any]) -> Asked:
    """Read the parameters of ckanext-dcat, and ours (``after``).

    :raises ValidationError: for what is none
    """
    profiles = given.get("profiles") or ()
    if isinstance(profiles, str):
        profiles = profiles.split(",")
    named = {name: given[name] for name in ("q", "fq", "modified_since") if given.get(name)}
    if not isinstance(profiles, (list, tuple)) or not all(
            _is_text(each) for each in (*profiles, *named.values())):
        raise tk.ValidationError({"q": [tk._("Pencarian tidak berjalan")]})
    if profiles:
        named["profiles"] = ",".join(profiles)
    kept = tuple(named.items())
    if any(len(each) > _LONGEST for _name, each in kept):
        raise tk.ValidationError({"q": [tk._("Pencarian terlalu panjang.")]})
    return Asked(
        extension, _number(given.get("page"), "page", 1) or 1,
        _number(given.get("after"), "after", 0), _since(given.get("modified_since")),
        searching.meant(named.get("q", "")), searching.meant(named.get("fq", "")),
        tuple(profiles), kept)


def known(extension: str, among: Collection[str] = SERVED) -> str:
    """Return an extension something is served under.

    :raises ValidationError: nothing is
    """
    if extension not in among:
        raise tk.ValidationError({"format": [
            tk._("Format “{format}” tidak ada. Pilih salah satu: {formats}.").format(
                format=extension[:40], formats=", ".join(among))]})
    return extension


def _is_text(given: Any) -> bool:
    """Tell whether it is text that can be asked for: JSON may hold halves of a character."""
    if not isinstance(given, str) or "\0" in given:
        return False
    return not any("\ud800" <= each <= "\udfff" for each in given)


def _number(given: Any, name: str, least: int) -> int | None:
    if given in (None, ""):
        return None
    try:
        number = int(str(given)[:20])
    except ValueError:
        number = -1
    if not least <= number <= _MOST:
        raise tk.ValidationError({name: [
            tk._("“{name}” harus bilangan bulat mulai {least}.").format(name=name, least=least)]})
    return number


def _since(given: Any) -> Any:
    if not given:
        return None
    try:
        return building.utc(parse_date(str(given)[:40]))
    except (ValueError, OverflowError):
        raise tk.ValidationError({"modified_since": [
            tk._("“modified_since” harus tanggal ISO 8601, misalnya 2026-05-01T00:00:00Z.")
        ]}) from None


def answer(reading: Reading, what: Asked) -> Answer:
    """Return one page of the catalog; to be sent while what reads it is open.

    :raises SearchError: the index cannot read what is searched for
    """
    where = _filtered(reading, what) if what.is_filtered else _plain(reading, what)
    links = where.links(_base(what), dict(what.given))
    state, made_with = reading.state, fingerprint()
    said = (what.extension, what.profiles, where.newest, links, made_with,
            state.modified if where.is_first else None)

    def parts() -> Sequence[Stored | bytes]:
        rows = where.rows(what.syntax.name)
        described = _live(what, rows) if what.profiles else [unpacked(each.piece) for each in rows]
        return list(page(what.syntax, [
            _catalog(made_with, what.syntax, state, where.is_first, what.profiles),
            memberships(what.syntax, [each.iri for each in rows]),
            fragment(what.syntax, paging(links), None), *described]))

    return Answer(what.syntax.content_type, version_of(*said), parts,
                  None if what.is_filtered else state.changed_at,
                  {"Link": link_header(links)} if links.others else {})


def _base(what: Asked) -> str:
    path = str(tk.config.get("ckanext.dcat.catalog_endpoint") or "/catalog.{_format}")
    return config.alamat() + path.replace("{_format}", what.extension)


@dataclass(frozen=True)
class Place:
    """Which entries a page holds, and which pages are around it.

    :ivar rows: reads them in one form
    :ivar newest: something that changes when they do
    """

    rows: Callable[[str], list[Row]]
    newest: object
    total: int
    is_first: bool
    current: dict[str, int]
    others: dict[str, dict[str, int]]

    def links(self, base: str, given: dict[str, str]) -> Links:
        """Return the addresses of the pages around."""
        return Links(
            page_url(base, given, **self.current), self.total, page_size(),
            {name: page_url(base, given, **more) for name, more in self.others.items()})


def _plain(reading: Reading, what: Asked) -> Place:
    """Return a page of the whole catalog."""
    size, state = page_size(), reading.state
    if what.after is not None:
        return _following(reading, what.after, what)
    first, last = slots_of(what.page, size)
    others: dict[str, dict[str, int]] = {}
    before, behind, newest = reading.around(first, last)
    if state.live:
        end = page_of(state.slot, size)
        others = {"first": {"page": 1}, "last": {"page": end}}
        if before is not None:
            others["previous"] = {"page": page_of(before, size)}
        if behind is not None:
            others["next"] = {"page": page_of(behind, size)}
    return Place(lambda form: reading.rows(form, lambda slot: slot.between(first, last)),
                 newest, state.live, what.page == 1, {"page": what.page}, others)


def _following(reading: Reading, after: int, what: Asked) -> Place:
    """Return the page of those behind a slot."""
    size = page_size()
    slots = reading.behind(after, size + 1)
    return _keyset(reading, slots, size, reading.state.live, after, {"after": after})


def _filtered(reading: Reading, what: Asked) -> Place:
    """Return a page of those that are asked for, by rank or behind a slot.

    The next page is said by slot: what leaves meanwhile shifts no other.
    """
    size = page_size()
    if what.query or what.filters:
        slots = searching.slots(reading, what.query, what.filters, what.since)
    else:
        slots = reading.changed_since(what.since)
    total = len(slots)
    if what.after is not None:
        rest = [each for each in slots if each > what.after]
        return _keyset(reading, rest[: size + 1], size, total, what.after, {"after": what.after})
    start = (what.page - 1) * size
    place = _keyset(reading, slots[start: start + size + 1], size, total,
                    slots[start - 1] if 0 < start <= total else 0, {"page": what.page})
    return replace(place, is_first=what.page == 1)


def _keyset(
    reading: Reading, slots: Sequence[int], size: int, total: int, after: int,
    current: dict[str, int],
) -> Place:
    here = list(slots[:size])
    others: dict[str, dict[str, int]] = {"first": {"page": 1}} if total else {}
    if len(slots) > size:
        others["next"] = {"after": here[-1]}
    return Place(lambda form: reading.rows(form, lambda slot: slot.in_(here)) if here else [],
                 (here, reading.newest_of(here)), total, after == 0, current, others)


def description(syntax: Syntax, state: State) -> bytes:
    """Return what is said of the catalog itself."""
    return _catalog(fingerprint(), syntax, state, True, ())


def memberships(syntax: Syntax, iris: Sequence[str]) -> bytes:
    """Return what makes datasets those of the catalog."""
    return membership(syntax, catalog_uri(), iris)


def _catalog(
    made_with: str, syntax: Syntax, state: State, first: bool, profiles: tuple[str, ...]
) -> bytes:
    """Return what is said of the catalog on a page.

    When it last changed is said on its first page only: the others would be other pages with
    every change anywhere.
    """
    return _described(made_with, syntax, catalog_uri(), _stamp(state.issued),
                      _stamp(state.modified) if first else "", profiles)


@lru_cache(maxsize=64)
def _described(
    _made_with: str, syntax: Syntax, catalog: str, issued: str, modified: str,
    profiles: tuple[str, ...],
) -> bytes:
    """Return what the profiles say of the catalog: the same on most pages."""
    described = building.serializer(profiles)
    described.graph_from_catalog({"issued": issued, "modified": modified})
    return fragment(syntax, described.g.triples((None, None, None)), URIRef(catalog))


def _stamp(at: Any) -> str:
    return at.isoformat(timespec="seconds") if at is not None else ""


def _live(what: Asked, rows: Sequence[Row]) -> Iterator[bytes]:
    """Describe datasets by other profiles than the stored ones, one by one as they are read."""
    for row in rows:
        try:
            record = tk.get_action("package_show")(building.anonymous(), {"id": row.package_id})
        except (tk.ObjectNotFound, tk.NotAuthorized):
            continue
        described = building.serializer(what.profiles)
        ref = described.graph_from_dataset(record)
        yield fragment(what.syntax, described.g.triples((None, None, None)), ref)
