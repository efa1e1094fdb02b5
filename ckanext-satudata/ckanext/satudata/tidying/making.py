"""Brings the files of a draft in line with what was read of a raw file.

What they should be is worked out anew each time, from the draft and the reading as they are, and
written only where it differs: an errand that is done twice, or after a crash, changes nothing.
Callers hold the versions of the dataset.
"""
from __future__ import annotations

import json
import mimetypes
import uuid
from collections.abc import Collection, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import ckan.lib.munge as munge
import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.metadata_columns import table_schema
from ckanext.satudata.domain.metadata_values import InvalidValueError
from ckanext.satudata.domain.tidying import describing
from ckanext.satudata.domain.tidying.matching import matched
from ckanext.satudata.domain.tidying.table import Held, Table, names_of
from ckanext.satudata.shared import blob_ledger, blobs, moment, outbox
from ckanext.satudata.shared.left_out import by_the_portal
from ckanext.satudata.shared.raw_files import FIELDS, TABLE, Raw, marks, no_marks, raw_of
from ckanext.satudata.shared.types import ServerSet
from ckanext.satudata.tidying.store import Read

__all__ = ["Draft", "filename_of", "published", "put_back", "put_in", "shown"]

Data = dict[str, Any]
#: Letters of a file's name, as CKAN keeps them, without its ending.
_LONGEST_STEM = 90


class Draft:
    """A draft on its way from what it is to what it should be.

    :ivar published: files of the version that is public
    :ivar resources: its files as ``package_show`` gives them, changed in place
    :ivar changed: sizes, by id, of files whose bytes are others now, or a table now or none
    """

    def __init__(
        self, package: Mapping[str, Any], published: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        self.package = dict(package)
        self.published = published
        self.resources: list[Data] = [dict(each) for each in package.get("resources") or []]
        self.changed: dict[str, int] = {}
        self.is_new = False

    def of(self, sha256: str) -> list[Data]:
        """Return the files that were made of a raw file, in the order of its tables."""
        found = [(raw.table, at, each) for at, each in enumerate(self.resources)
                 if (raw := raw_of(each)) is not None and raw.sha256 == sha256]
        return [each for _table, _at, each in sorted(found, key=lambda one: one[:2])]

    def find(self, identifier: str | None) -> Data | None:
        """Return a file by its id, or by that of the published one it stands for."""
        return next((each for each in self.resources if identifier and identifier in (
            each["id"], each.get("asal_resource_id"))), None)

    def missing(self) -> list[Mapping[str, Any]]:
        """Return the published files that no file of the draft stands for."""
        there = {each.get("asal_resource_id") for each in self.resources}
        return [each for each in self.published if each["id"] not in there]

    def put(
        self, old: Data | None, new: Data, after: Data | None = None, before: Data | None = None
    ) -> Data:
        """Put a file in the place of another, or behind or before one, or at the end."""
        if old is not None and all(
                _same(name, old.get(name), value) for name, value in new.items()):
            return old
        made = {**(old or {"id": str(uuid.uuid4()), "jenis_berkas": "data"}), **new}
        is_other = old is None or old.get("sha256") != made["sha256"]
        if is_other:
            made["last_modified"] = moment.now().replace(tzinfo=None).isoformat()
        if is_other or _is_table(old) != _is_table(made):
            self.changed[made["id"]] = int(made.get("size") or 0)
        if old is not None:
            self.resources[_at(self.resources, old)] = made
        else:
            at = _at(self.resources, after) + 1 if after is not None else (
                _at(self.resources, before) if before is not None else len(self.resources))
            self.resources.insert(at, made)
        self.is_new = True
        return made

    def drop(self, resource: Data) -> None:
        """Take a file out."""
        self.resources.remove(resource)
        self.changed[resource["id"]] = 0
        self.is_new = True

    def write(self, context: Mapping[str, Any]) -> None:
        """Write what differs in the running transaction, and put what follows the commit."""
        if not self.is_new:
            return
        package = {name: value for name, value in self.package.items()
                   if name != "metadata_modified"}
        with by_the_portal():
            tk.get_action("package_update")(
                {**context, "defer_commit": True, "return_id_only": True},
                {**package, "resources": self.resources})
        content_id = self.package["id"]
        self._forget_dropped()
        for each, size in self.changed.items():
            outbox.put(TABLE, f"{TABLE}:{each}:{uuid.uuid4().hex}", {
                "content_id": content_id, "resource_id": each, "bytes": size})
        outbox.put("indeks", f"indeks:{TABLE}:{content_id}:{uuid.uuid4().hex}", {
            "packages": [content_id]})

    def _forget_dropped(self) -> None:
        """Take the marks off files that a reading ended: no person did (``left_out.py``)."""
        there = {each["id"] for each in self.resources}
        for identifier in self.changed.keys() - there:
            resource = model.Session.get(model.Resource, identifier)
            if resource is not None:
                resource.extras = {name: value for name, value in (resource.extras or {}).items()
                                   if name not in FIELDS}
        model.Session.flush()


def shown(content_id: str) -> Data:
    """Return a draft as it is stored."""
    return tk.get_action("package_show")(
        {"ignore_auth": True, "use_cache": False}, {"id": content_id})


def published(package_id: str, content_id: str) -> list[Data]:
    """Return the files that a working copy goes on from; none of a first version."""
    return [] if package_id == content_id else shown(package_id).get("resources") or []


def put_in(
    draft: Draft, raw: tuple[str, str], read: Read | None, replaces: str | None = None,
    left_out: Sequence[Mapping[str, Any]] = (),
) -> list[str]:
    """Let a draft hold the clean tables of a raw file, or the file itself where it has none.

    :param raw: its hash and name
    :param read: None while it is not read: a resource waits for its tables then
    :param replaces: file that it takes the place of, with those of the same raw file
    :param left_out: clean tables of it that a person took out: ``name``, ``sha256``, ``number``
    :returns: ids of the resources it became
    """
    own = draft.of(raw[0])
    first = draft.find(replaces)
    before = raw_of(first)
    if before is not None and before.sha256 != raw[0]:  # its other tables go with it
        own = [*own, *draft.of(before.sha256)]
    if read is None:
        made = _waiting(draft, raw, own, first)
    elif not read.tables and read.skipped:
        made = own  # the officer left out every table: nothing raw gets out by that
        own = []
    elif not read.tables:
        made = [_as_it_is(draft, raw, first or (own[0] if own else None), waits=False)]
    else:
        made = _tables(draft, raw, read.tables, own, first, left_out)
    kept = {each["id"] for each in made}
    for each in own:
        if each["id"] not in kept and each in draft.resources:
            draft.drop(each)
    return [each["id"] for each in made]


def put_back(draft: Draft, resource: Data, raw: Raw) -> str:
    """Let a draft hold a raw file as it is, in the place of its clean tables."""
    own = draft.of(raw.sha256)
    made = _as_it_is(draft, (raw.sha256, raw.name), resource, waits=False)
    for each in own:
        if each["id"] != made["id"]:
            draft.drop(each)
    return made["id"]


def _waiting(
    draft: Draft, raw: tuple[str, str], own: Sequence[Data], first: Data | None
) -> list[Data]:
    """Let files wait for the tables of a raw file that is not read yet."""
    leading = first or (own[0] if own else None)
    made = [_as_it_is(draft, raw, leading, waits=True)]
    for number, each in enumerate(own, 2):
        if leading is not None and each["id"] != leading["id"]:  # they keep their ids so
            made.append(draft.put(each, {
                "sha256": ServerSet(each["sha256"]), **marks(Raw(*raw, number))}))
    return made


def _tables(
    draft: Draft, raw: tuple[str, str], tables: Sequence[Table], own: Sequence[Data],
    first: Data | None, left_out: Sequence[Mapping[str, Any]],
) -> list[Data]:
    tables = describing.titled(tables)
    taken = {each["id"] for each in (*own, *([] if first is None else [first]))}
    # Of another origin is only what was published before, in a version that goes on from there.
    others = [each for each in (*draft.resources, *draft.missing())
              if each["id"] not in taken and raw_of(each) is None
              and (each.get("asal_resource_id") or each not in draft.resources)]
    goes_on = first is not None or any(each.get("asal_resource_id") for each in own)
    found = matched(tables, [_held(each, raw[0]) for each in own],
                    None if first is None else _held(first, raw[0]),
                    [_held(each) for each in others] if goes_on else ())
    gone = matched([each for each in tables if each.number not in found],
                   [Held(str(at), str(each["name"]), str(each["sha256"]), int(each["number"]))
                    for at, each in enumerate(left_out)])
    by_id = {each["id"]: each for each in draft.resources}
    ends = {each["id"] for each in own} - set(found.values())
    made: list[Data] = []
    for table in tables:
        if table.number in gone:
            continue
        named = found.get(table.number, "")
        old = by_id.get(named)
        new = _clean(table, raw, old, len(tables) > 1, [
            each for each in draft.resources
            if each["id"] not in ends and (old is None or each["id"] != old["id"])])
        if named and old is None:
            new["asal_resource_id"] = ServerSet(named)
        made.append(draft.put(old, new, made[-1] if made else None, own[0] if own else None))
    return made


def _is_table(resource: Mapping[str, Any] | None) -> bool:
    """Tell whether a file is a clean table, whose rows the datastore has."""
    raw = raw_of(resource)
    return raw is not None and not raw.waits


def _held(resource: Mapping[str, Any], sha256: str = "") -> Held:
    raw = raw_of(resource)
    return Held(
        resource["id"], str(resource.get("name") or ""), str(resource.get("sha256") or ""),
        raw.table if raw is not None else 0, names_of(_schema(resource.get("skema"))))


def _clean(
    table: Table, raw: tuple[str, str], old: Data | None, many: bool, others: Sequence[Data]
) -> Data:
    """Return what a resource says as a clean table.

    :param others: further files of the draft, none of which is called as a new one
    """
    sha256, filename = raw
    known = str((old or {}).get("name") or "")
    name = describing.name_of(table, filename, many, known)
    if name != known:  # what people called two files themselves stays
        name = describing.free(name, {str(each.get("name") or "") for each in others})
    before = _schema((old or {}).get("skema"))
    url = _ending(old)
    return {
        "name": name, "format": "CSV", "mimetype": "text/csv",
        "url": url if _is_table(old) and url.endswith(".csv") else _stem(
            name, {_ending(each) for each in others}),
        "skema": json.dumps(_checked(describing.merged(table.schema, before)),
                            ensure_ascii=False),
        **_bytes(table.sha256), **marks(Raw(sha256, filename, table.number))}


def _stem(name: str, taken: Collection[str]) -> str:
    """Return the name under which a clean table is downloaded."""
    name, number = name.replace("/", "-"), 1
    made = munge.munge_filename(f"{name[:_LONGEST_STEM]}.csv")
    while made in taken:
        number += 1
        made = munge.munge_filename(
            describing.distinct(name, f"-{number}", _LONGEST_STEM) + ".csv")
    return made


def _ending(resource: Mapping[str, Any] | None) -> str:
    return str((resource or {}).get("url") or "").rsplit("/", 1)[-1]


def _checked(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a schema that the form takes, with names and types alone where it would not."""
    try:
        return table_schema(dict(schema))
    except InvalidValueError:
        return {"fields": [{"name": each["name"], "type": each.get("type") or "string"}
                           for each in schema["fields"]], "missingValues": [""]}


def _as_it_is(draft: Draft, raw: tuple[str, str], old: Data | None, waits: bool) -> Data:
    """Put a raw file into the draft: until it is read, or for good."""
    sha256, filename = raw
    path = PurePosixPath(filename)
    new: Data = {
        "name": (old or {}).get("name") or path.stem.replace("_", " ") or filename,
        "format": path.suffix[1:].upper()[:100] or "BIN",
        "mimetype": mimetypes.guess_type(filename)[0] or "application/octet-stream",
        "url": munge.munge_filename(filename), **_bytes(sha256),
        **(marks(Raw(sha256, filename, 1, waits=True)) if waits else no_marks())}
    if not waits and raw_of(old) is not None:
        new["skema"] = ""
    return draft.put(old, new)


def _bytes(sha256: str) -> Data:
    """Return what names bytes that are stored, and keep them until the commit."""
    size = blobs.size(sha256)
    blob_ledger.touch(sha256, size)
    return {"url_type": "upload", "sha256": ServerSet(sha256), "hash": sha256,
            "hash_algorithm": "sha256", "size": size}


def _schema(value: Any) -> Mapping[str, Any] | None:
    if isinstance(value, str) and value:
        try:
            value = json.loads(value)
        except ValueError:
            return None
    return value if isinstance(value, Mapping) else None


def filename_of(resource: Mapping[str, Any]) -> str:
    """Return the name of an uploaded file, as its address says it."""
    name = unquote(urlsplit(str(resource.get("url") or "")).path.rpartition("/")[2])
    return name or str(resource.get("name") or "") or "berkas"


def _same(name: str, old: Any, new: Any) -> bool:
    """Tell whether a shown value is what it should be, however it is written."""
    if isinstance(old, Mapping):
        return _schema(new) == old
    text = str("" if old is None else old)
    return (text.rsplit("/", 1)[-1] if name == "url" else text) == str(new)


def _at(resources: Sequence[Data], resource: Data) -> int:
    return next(at for at, each in enumerate(resources) if each["id"] == resource["id"])
