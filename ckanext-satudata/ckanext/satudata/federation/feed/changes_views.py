"""What changed: ``/catalog/changes`` as JSON lines and LDES, ``/catalog/latest`` with content."""
from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from ckanext.satudata import config
from ckanext.satudata.domain.federation import changes
from ckanext.satudata.domain.federation.changes import Change, Stream, View
from ckanext.satudata.domain.federation.joined import Stored, inflated, unpacked
from ckanext.satudata.domain.federation.syntaxes import SERVED, fragment, page
from ckanext.satudata.federation.feed import catalog, settling
from ckanext.satudata.federation.feed.answering import (
    FOREVER,
    Answer,
    current,
    preflight,
    refused,
    send,
    version_of,
)
from ckanext.satudata.federation.feed.reading import Reading
from ckanext.satudata.federation.site import fingerprint, here, site

__all__ = ["blueprint"]

#: Lines of one answer: unless asked otherwise, and at most.
_LINES, _MOST_LINES = 1000, 10_000
_LINES_TYPE = "application/x-ndjson; charset=utf-8"
_LDES = ("ttl", "jsonld", "nt", "xml")
#: Named graphs: what DCAT-AP Feeds wants, and which of our syntaxes can say them.
_WITH_CONTENT = {"trig": "ttl", "jsonld": "jsonld"}
_TRIG = "application/trig; charset=utf-8"
_HIGHEST = 2**62

blueprint = Blueprint("satudata_feed_changes", __name__)
blueprint.after_request(preflight)


def _number(name: str, default: int, most: int = _HIGHEST, least: int = 0) -> int:
    given = tk.request.args.get(name)
    if given in (None, ""):
        return default
    if not given.isascii() or not given.isdigit() or not least <= int(given[:20]) <= most:
        raise tk.ValidationError({name: [tk._(
            "“{name}” harus bilangan bulat {least} sampai {most}.").format(
                name=name, least=least, most=most)]})
    return int(given)


# ---------------------------------------------------------------- JSON lines
@blueprint.route("/catalog/changes")
@current
def show(reading: Reading) -> Response:
    """Send what changed since a number, each dataset once; or LDES to who asks for RDF."""
    wanted = tk.request.accept_mimetypes.best_match(
        [_LINES_TYPE.partition(";")[0], "application/json", "text/turtle", "application/ld+json"])
    if wanted in ("text/turtle", "application/ld+json") and "since" not in tk.request.args:
        response = _log(reading, "ttl" if wanted == "text/turtle" else "jsonld", "")
    else:
        response = _lines(reading)
    response.vary.add("Accept")
    return response


def _lines(reading: Reading) -> Response:
    since, limit = _number("since", 0), _number("limit", _LINES, _MOST_LINES, 1)
    content = tk.request.args.get("content") or ""
    if content not in ("", "jsonld", "nt", "ttl"):
        raise tk.ValidationError({"content": [tk._(
            "“content” harus salah satu dari: {all}.").format(all="jsonld, nt, ttl")]})
    last = reading.state.sequence
    if since > last:
        return refused(tk._(
            "Nomor perubahan terakhir di sini {last}, lebih kecil dari {since}. Baca ulang "
            "seluruh katalog, lalu ikuti dari nomor terakhirnya.").format(
                last=last, since=since), 410)

    def parts() -> list[Stored | bytes]:
        rows = reading.latest(since, limit + 1, content or None)
        settling.none_hidden([row.package_id for row in rows[:limit] if row.hidden])
        return list(_told(rows, since, limit, last, content))

    return send(Answer(
        _LINES_TYPE, version_of("lines", since, limit, content, last, fingerprint()), parts))


def _told(
    rows: Sequence[Any], since: int, limit: int, newest: int, content: str
) -> Iterator[Stored | bytes]:
    for row in rows[:limit]:
        gone = row.deleted_at is not None
        kind = changes.kind_since(
            since, created_sequence=row.created_sequence, latest_sequence=row.sequence,
            deleted=gone)
        assert kind is not None
        more: dict[str, object] = {}
        if content and not gone:
            more[content] = _document(content, row.piece)
        yield _as_line(changes.line(_change(row, kind), kind, **more))
    more_to_come = len(rows) > limit
    yield _as_line(changes.ending(
        rows[limit - 1].sequence if more_to_come else newest, more=more_to_come))


def _document(name: str, piece: bytes) -> object:
    text = inflated(unpacked(piece))
    whole = b"".join(part for part in page(SERVED[name], [text]) if isinstance(part, bytes))
    return json.loads(whole) if name == "jsonld" else whole.decode()


def _change(row: Any, kind: changes.ChangeKind) -> Change:
    return Change(row.sequence, kind, row.package_id, row.iri,
                  row.changed_at.astimezone(dt.timezone.utc), row.content_hash)


def _as_line(said: dict[str, object]) -> bytes:
    return json.dumps(said, ensure_ascii=False).encode() + b"\n"


# ---------------------------------------------------------------- LDES
@blueprint.route("/catalog/changes.<extension>")
@current
def log(reading: Reading, extension: str) -> Response:
    """Send a node of the log, which says of a dataset nothing but its IRI."""
    if extension == "jsonl":
        return _lines(reading)
    catalog.known(extension, (*_LDES, "jsonl"))
    return _log(reading, extension, f".{extension}")


def _log(reading: Reading, extension: str, suffix: str) -> Response:
    stream, syntax = Stream(here(), View.LOG, suffix), SERVED[extension]
    made, last, full = _node(reading, stream)
    if made is None:
        return refused(tk._("Halaman tidak ada"), 404)

    def parts() -> list[Stored | bytes]:
        return list(page(syntax, [fragment(syntax, made, None)]))

    return send(Answer(
        syntax.content_type, version_of("log", suffix, stream.site.url, site().url, extension, last,
                                        tk.request.args.get("page"), tk.request.args.get("shelf")),
        parts, cache=FOREVER if full else Answer.cache))


def _node(
    reading: Reading, stream: Stream
) -> tuple[list[changes.Triple] | None, int, bool]:
    """Return the triples of a node, the newest number it depends on, and if it stays for ever."""
    newest = reading.state.sequence
    last_page = changes.page_of(newest) if newest else 0
    number, shelf = _number("page", 0), _number("shelf", 0)
    if shelf:
        pages = changes.pages_of_shelf(shelf) if shelf <= last_page else []
        if not pages or pages[-1] > last_page:
            return None, 0, False
        return list(changes.shelf_triples(stream, shelf, reading.starts(pages))), shelf, True
    if number:
        if number > last_page:
            return None, 0, False
        first, last = changes.range_of(number)
        rows = reading.changes(first, min(last, newest))
        full = stream.view is View.LOG and changes.is_immutable(number, newest)
        return list(changes.page_triples(
            stream, number, [_logged(row) for row in rows])), min(last, newest), full
    return list(changes.root_triples(
        stream, reading.starts(changes.pages_of_root(last_page)))), newest, False


def _logged(row: Any) -> Change:
    """Return a change as the log tells it: by our own address, which holds nothing but an id."""
    return Change(row.sequence, row.kind, row.package_id, f"{site().url}/dataset/{row.package_id}",
                  row.at.astimezone(dt.timezone.utc), row.content_hash)


@blueprint.route("/catalog/latest.<extension>")
@current
def latest(reading: Reading, extension: str) -> Response:
    """Send a node of the latest activities with their content, in named graphs."""
    catalog.known(extension, _WITH_CONTENT)
    stream = Stream(here(), View.LATEST, f".{extension}")
    syntax = SERVED[_WITH_CONTENT[extension]]
    number = _number("page", 0)
    rows: Sequence[Any] = ()
    if not number:
        made, last, _full = _node(reading, stream)
    else:
        first, end = changes.range_of(number)
        last = reading.state.sequence
        if first > last:
            return refused(tk._("Halaman tidak ada"), 404)
        rows = reading.standing(first, end, None)
        made = list(changes.page_triples(stream, number, [
            _change(row, "delete" if row.deleted_at else (
                "create" if row.created_sequence == row.sequence else "update"))
            for row in rows]))
    if made is None:
        return refused(tk._("Halaman tidak ada"), 404)
    told = version_of("latest", extension, stream.site.url, number, [row.sequence for row in rows],
                      last if not number else 0, fingerprint())

    def parts() -> list[Stored | bytes]:
        described = fragment(syntax, made, None)
        if not number:
            return list(page(syntax, [described]))
        held = reading.standing(*changes.range_of(number), syntax.name)
        graphs = [part for row in held if row.piece is not None and not row.deleted_at
                  for part in _graph(extension, row)]
        return list(page(syntax, [described])) if not graphs else [
            syntax.opening, described, *graphs, syntax.closing]

    return send(Answer(_TRIG if extension == "trig" else syntax.content_type, told, parts))


def _graph(extension: str, row: Any) -> list[Stored | bytes]:
    """Return the content of a dataset in the graph named by its activity."""
    name = str(changes.event_iri(here(), row.sequence))
    if extension == "trig":
        return [f"\n<{name}> {{\n".encode(), unpacked(row.piece), b"}\n"]
    return [f',\n{{"@id":{json.dumps(name)},"@graph":['.encode(), unpacked(row.piece), b"]}"]


@blueprint.route("/catalog/changes/<int:sequence>")
@current
def event(reading: Reading, sequence: int) -> Any:
    """Lead from the IRI of an activity to the page it stands on."""
    if not 1 <= sequence <= reading.state.sequence:
        return refused(tk._("Halaman tidak ada"), 404)
    return tk.redirect_to(f"{config.alamat()}/catalog/changes.ttl?page={changes.page_of(sequence)}")
