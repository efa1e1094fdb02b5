"""Changes of a list, decided: weighed under one lock, kept for ever, with their event.

One lock for all lists: numbers follow the order of commits, and of two walidata who saw the same
version one is told of the other.
"""
from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.plugins.toolkit import _

from ckanext.satudata import config
from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.errors import UnknownCodeError
from ckanext.satudata.domain.inspection.notes import RefusedFile
from ckanext.satudata.domain.vocabulary import Vocabulary
from ckanext.satudata.domain.vocabulary_changes.changes import (
    ChangeSet,
    replay,
    reversed_rows,
)
from ckanext.satudata.domain.vocabulary_changes.cleaning import cleaned, name_problem
from ckanext.satudata.domain.vocabulary_changes.policy import policy
from ckanext.satudata.domain.vocabulary_changes.proposing import GivenRow, Proposal, propose
from ckanext.satudata.domain.vocabulary_changes.reading import read_safely
from ckanext.satudata.shared import audit, moment
from ckanext.satudata.shared.db import lock, unit_of_work
from ckanext.satudata.shared.refusals import Overtaken
from ckanext.satudata.vocabulary import present
from ckanext.satudata.vocabulary.current import change_sets, current
from ckanext.satudata.vocabulary.model import (
    VocabularyImport,
    VocabularyRow,
    VocabularyVersion,
)

__all__ = [
    "EVENT", "MOST_LISTS", "Order", "as_of", "create", "decide", "discard", "find", "receive",
    "received", "undo", "versions", "weigh",
]

#: Kind of the events of this room.
EVENT = "kosakata"
#: Lists of the portal's own.
MOST_LISTS = 200
#: Days a file waits to be taken.
_WAITS = dt.timedelta(days=7)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
#: Of one value of a file, more than any field may have.
_LONGEST = 20_000


@dataclass(frozen=True)
class Order:
    """What somebody wants changed of a list.

    :ivar kind: as :class:`.model.VocabularyVersion` has it
    :ivar seen: the version they saw; ``None`` takes whichever is current
    :ivar partly: take what is right and leave what is refused
    """

    name: str
    rows: Sequence[GivenRow]
    kind: str = "ubah"
    seen: int | None = None
    note: str = ""
    source: Mapping[str, Any] = field(default_factory=dict)
    retire_absent: bool = False
    partly: bool = False


def today() -> dt.date:
    """Return the day it is where this government is."""
    return moment.now().astimezone(config.zona_waktu()).date()


def find(name: str) -> Vocabulary:
    """Return a list as it is now.

    :raises tk.ObjectNotFound: there is none of that name
    :raises tk.ValidationError: it is not edited here
    """
    if name == present.WILAYAH:
        raise tk.ValidationError({"name": [_(
            "Kode wilayah ditetapkan Keputusan Menteri Dalam Negeri dan diperbarui bersama "
            "portal ini, tidak diubah di sini.")]})
    try:
        return vocabulary.get(name)
    except UnknownCodeError:
        raise tk.ObjectNotFound(_("Tidak ada kosakata bernama “{name}”.").format(
            name=name[:60])) from None


def weigh(order: Order) -> Proposal:
    """Return what an order would change; writes nothing."""
    return propose(find(order.name), order.rows, policy(order.name), today(),
                   order.retire_absent)


@contextmanager
def _deciding() -> Iterator[None]:
    """Rule alone over all lists, know what is current, and make the rest of the portal know."""
    with unit_of_work():
        lock(EVENT)
        current.refresh()
        with current.unmoved():
            yield
    current.refresh()


def decide(by: str | None, order: Order) -> VocabularyVersion:
    """Make a change a new version, all or nothing.

    :param by: id of the user, ``None`` for the command line
    :raises Overtaken: somebody else made a version since the one that was seen
    :raises tk.ValidationError: nothing changes, or rows are refused and ``partly`` was not said
    """
    with _deciding():
        known = find(order.name)
        _refuse_overtaken(known, order.seen)
        found = weigh(order)
        if found.refused and not order.partly:
            raise tk.ValidationError({"rows": [
                f"{each.code or each.place}: {each.why.text(_)}" for each in found.refused[:20]]})
        if not found.changes:
            raise tk.ValidationError({"rows": [_(
                "Tidak ada yang berubah: isinya sama dengan daftar yang berlaku.")]})
        version = _kept(by, order, known.version + 1, [
            VocabularyRow(
                position=at, code=each.code, after=dict(each.after),
                before=None if each.before is None else dict(each.before))
            for at, each in enumerate(found.changes)])
        if order.kind == "impor" and by is not None:
            _forget(order.name, by)
    return version


def create(by: str | None, name: str, about: Mapping[str, str], note: str) -> VocabularyVersion:
    """Make a list of the portal's own, without codes.

    :raises tk.ValidationError: the name is no name or taken, or the title is none
    """
    wrong: dict[str, list[str]] = {}
    problem = name_problem(name)
    if problem is not None:
        wrong["name"] = [problem.text(_)]
    clean: dict[str, str] = {}
    for key, column in (("title_id", "label_id"), ("title_en", "label_en"),
                        ("note", "keterangan")):
        clean[key], problem = cleaned(column, about.get(key, ""))
        if problem is not None:
            wrong[key] = [problem.text(_)]
    if not clean["title_id"] and "title_id" not in wrong:
        wrong["title_id"] = [_("Judul kosong. Isi judul daftarnya.")]
    if wrong:
        raise tk.ValidationError(wrong)
    with _deciding():
        if name in vocabulary.names():
            raise tk.ValidationError({"name": [_("Sudah ada daftar bernama “{name}”.").format(
                name=name)]})
        own = [each for each in vocabulary.names() if vocabulary.delivered(each) is None]
        if len(own) >= MOST_LISTS:
            raise tk.ValidationError({"name": [_(
                "Sudah ada {jumlah} daftar buatan portal ini, paling banyak.").format(
                    jumlah=len(own))]})
        return _kept(by, Order(name, [], "baru", note=note), 1, [], clean)


def undo(by: str | None, name: str, number: int, seen: int | None, note: str) -> tuple[
        VocabularyVersion, list[str]]:
    """Take a version back by a new one; return it, and codes that were changed again since.

    :raises tk.ObjectNotFound: there is no such version
    """
    rows, later = undoing(name, number)
    if not rows:
        raise tk.ValidationError({"rows": [_(
            "Tidak ada yang dapat diurungkan: semua kodenya sudah diubah lagi sesudahnya.")]})
    return decide(by, Order(name, rows, "urung", seen, note, {"undoes": number},
                            partly=True)), later


def undoing(name: str, number: int) -> tuple[list[GivenRow], list[str]]:
    """Return the rows that take a version back, and codes that were changed again since."""
    known = find(name)
    sets = change_sets(model.Session.connection(), name).get(name, [])
    version = next((each for each in sets if each.number == number), None)
    if version is None:
        raise tk.ObjectNotFound(_("Versi ini tidak ada."))
    rows, later = reversed_rows(version, known, today())
    return [GivenRow(at, each) for at, each in enumerate(rows, 1)], later


def _refuse_overtaken(known: Vocabulary, seen: int | None) -> None:
    if seen is not None and seen != known.version:
        raise Overtaken("version", str(known.version), _(
            "Daftar ini sudah menjadi versi {kini} sejak Anda membukanya (versi {lama}). Lihat "
            "dahulu perubahannya, lalu ulangi.").format(kini=known.version, lama=seen))


def _kept(
    by: str | None, order: Order, number: int, rows: list[VocabularyRow],
    about: Mapping[str, str] | None = None,
) -> VocabularyVersion:
    now = moment.now()
    newest = model.Session.scalar(sa.select(sa.func.max(VocabularyVersion.sequence))) or 0
    version = VocabularyVersion(
        sequence=max(newest + 1, int(now.timestamp() * 1000)), vocabulary=order.name,
        number=number, at=now, actor=by, kind=order.kind, note=order.note,
        source=dict(order.source), about=dict(about or {}), codes=len(rows))
    model.Session.add(version)
    model.Session.flush()
    for each in rows:
        each.sequence = version.sequence
    model.Session.add_all(rows)
    audit.record(EVENT, actor=by, at=now, transition=order.kind, note=order.note, data={
        "vocabulary": order.name, "number": number, "codes": len(rows),
        "source": dict(order.source)})
    # What is read of it after the commit must not ask the database again.
    model.Session.flush()
    model.Session.expunge(version)
    return version


# ------------------------------------------------------------------------------- files that wait
def receive(
    by: str, name: str, content: bytes, media_type: str, address: str, retire_absent: bool
) -> VocabularyImport:
    """Read a file for a list and keep its rows until they are taken: the seam for every source.

    :param address: name of the file, or where it was fetched
    :raises tk.ValidationError: it cannot be read
    """
    find(name)
    try:
        given = read_safely(content, media_type, address)
    except RefusedFile as refused:
        raise tk.ValidationError({"upload": [refused.message.text(_)]}) from None
    now = moment.now()
    with unit_of_work():
        lock(EVENT, by)
        model.Session.execute(sa.delete(VocabularyImport).where(
            VocabularyImport.at < now - _WAITS))
        _forget(name, by)
        found = VocabularyImport(
            id=str(uuid.uuid4()), vocabulary=name, actor=by, at=now,
            rows=_storable([[each.place, dict(each.values), each.origin] for each in given.rows]),
            source=_storable({"file": address[-200:], **{
                key: value for key, value in asdict(given).items() if key != "rows" and value}}),
            retire_absent=retire_absent)
        model.Session.add(found)
        model.Session.flush()
        model.Session.expunge(found)
    return found


def _storable(said: Any) -> Any:
    """Return text that the database can keep: what it cannot is refused later, where it stands."""
    if isinstance(said, str):
        return _UNSTORABLE.sub("\ufffe", said)[:_LONGEST]
    if isinstance(said, dict):
        return {_storable(key): _storable(value) for key, value in said.items()}
    return [_storable(each) for each in said] if isinstance(said, (list, tuple)) else said


def received(by: str, identifier: str) -> tuple[VocabularyImport, Order]:
    """Return a file that waits, of this person, and the order it makes.

    :raises tk.ObjectNotFound: there is none
    """
    found = None
    if "\x00" not in identifier:
        found = model.Session.get(VocabularyImport, identifier)
    if found is None or found.actor != by:
        raise tk.ObjectNotFound(_(
            "Berkas ini sudah dipakai, diganti atau lewat 7 hari. Unggah lagi berkasnya."))
    return found, Order(
        found.vocabulary, [GivenRow(place, values, origin) for place, values, origin in
                           found.rows], "impor", source=found.source,
        retire_absent=found.retire_absent)


def discard(by: str, identifier: str) -> None:
    """Throw a file that waits away."""
    with unit_of_work():
        model.Session.delete(received(by, identifier)[0])


def _forget(name: str, by: str) -> None:
    model.Session.execute(sa.delete(VocabularyImport).where(
        VocabularyImport.vocabulary == name, VocabularyImport.actor == by))


# ------------------------------------------------------------------------------------ what was
def versions(name: str, limit: int, offset: int) -> tuple[int, list[VocabularyVersion]]:
    """Return how many versions a list has, and some, newest first."""
    of = VocabularyVersion.vocabulary == name
    return (model.Session.scalar(sa.select(sa.func.count()).select_from(
        VocabularyVersion).where(of)) or 0, list(model.Session.scalars(
            sa.select(VocabularyVersion).where(of).order_by(VocabularyVersion.number.desc())
            .limit(limit).offset(offset))))


def as_of(name: str, number: int) -> tuple[Vocabulary, ChangeSet | None]:
    """Return a list as it was in a version, and what that version changed; 0 is as delivered.

    :raises tk.ObjectNotFound: there is no such version
    """
    find(name)
    sets = change_sets(model.Session.connection(), name).get(name, [])
    found = replay(vocabulary.delivered(name), name, sets, upto=number)
    if found is None or found.version != number:
        raise tk.ObjectNotFound(_("Versi ini tidak ada."))
    return found, next((each for each in sets if each.number == number), None)
