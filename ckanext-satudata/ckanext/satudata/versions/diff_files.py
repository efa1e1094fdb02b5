"""The files of two versions side by side: which is which, what differs, what to compare."""
from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from ckanext.datastore.backend import postgres

from ckanext.satudata.domain.loading.shapes import is_list, is_object
from ckanext.satudata.domain.versions.fields import said_of_file
from ckanext.satudata.domain.versions.tables import table_kind
from ckanext.satudata.shared import datastore, table_rows
from ckanext.satudata.shared.withheld import FIELDS
from ckanext.satudata.versions.diff_store import Asked
from ckanext.satudata.versions.model import VersionFile
from ckanext.satudata.versions.record import filename_of_url

__all__ = ["Given", "Pair", "asked", "of_draft", "of_version", "pairs"]

#: Files of which a change changes no published figure.
_NO_FIGURES = frozenset({"metadata", "mentah", "dokumentasi"})


@dataclass(frozen=True)
class Given:
    """A file as one version gives it.

    :param resource_id: the published one, of a working copy's file too
    :param sha256: of its bytes, or of its rows where its table is the data (``rows``)
    :param url: where it lies elsewhere
    """

    resource_id: str
    name: str
    filename: str
    format: str
    size: int | None
    sha256: str | None
    rows: bool
    url: str | None
    said: Mapping[str, Any]
    own_id: str = ""

    @property
    def kind(self) -> str | None:
        """How it is read as a table."""
        return "CSV" if self.rows else table_kind(self.filename, self.format)

    @property
    def figures(self) -> bool:
        """Whether it is data, and not what explains it."""
        return (self.said.get("jenis_berkas") or "data") not in _NO_FIGURES

    def without_addresses(self) -> Given:
        """Return it without what says where it lies, the end of an address included."""
        return replace(
            self, filename="" if self.url else self.filename,
            said={name: value for name, value in self.said.items() if name not in FIELDS})

    def same(self, other: Given) -> bool:
        """Tell whether both give the same bytes, as far as the portal stores them."""
        if self.sha256 or other.sha256:
            return (self.sha256, self.rows) == (other.sha256, other.rows)
        return self.url == other.url


@dataclass(frozen=True)
class Pair:
    """A file in both versions, or in one."""

    old: Given | None
    new: Given | None

    @property
    def any(self) -> Given:
        """The newer one there is."""
        found = self.new or self.old
        assert found is not None
        return found

    @property
    def moved(self) -> bool:
        """Whether bytes or address differ, or the file came or went."""
        return self.old is None or self.new is None or not self.old.same(self.new)


def of_version(content: Mapping[str, Any], files: Iterable[VersionFile]) -> list[Given]:
    """Return the files of a version that was published.

    :param content: as it was said
    """
    said = {each.get("id"): each for each in content.get("resources") or []}
    return [Given(
        each.resource_id, each.name, each.filename, each.format, each.size,
        each.sha256 or each.table_sha256, not each.sha256 and bool(each.table_sha256), each.url,
        said_of_file(said.get(each.resource_id) or {}), each.resource_id) for each in files]


def of_draft(
    shown: Mapping[str, Any], before: Collection[Given], snapshots: Mapping[str, str] | None = None
) -> list[Given]:
    """Return the files of a working copy.

    :param shown: as ``package_show`` gives it
    :param before: files of the published version: rows nobody wrote since are theirs
    :param snapshots: rows as they were handed in, which nobody wrote since; else stored now
    """
    rows = dict(snapshots or {})
    rowed = {each.resource_id: each.sha256 for each in before if each.rows and each.sha256}
    missing: list[dict[str, Any]] = []
    own = datastore.existing(
        each["id"] for each in shown.get("resources") or () if _is_rows(each)
        and each["id"] not in rows)
    for each in shown.get("resources") or []:
        if not _is_rows(each) or each["id"] in rows:
            continue
        origin = rowed.get(_origin(each))
        if origin and each["id"] not in own:
            rows[each["id"]] = origin
        else:
            missing.append(each)
    rows |= table_rows.snapshots({"resources": missing}) if missing else {}
    return [_given(each, rows.get(each["id"])) for each in shown.get("resources") or []]


def _is_rows(resource: Mapping[str, Any]) -> bool:
    return not resource.get("sha256") and resource.get("url_type") != "upload"


def _origin(resource: Mapping[str, Any]) -> str:
    return str(resource.get("asal_resource_id") or resource["id"])


def _given(resource: Mapping[str, Any], rows: str | None) -> Given:
    size = resource.get("size")
    stored = resource.get("sha256") or None
    return Given(
        _origin(resource), resource.get("name") or "",
        filename_of_url(resource.get("url") or ""), resource.get("format") or "",
        int(size) if str(size or "").isdigit() else None, stored or rows,
        not stored and bool(rows), None if stored else resource.get("url") or None,
        said_of_file(resource), resource["id"])


def pairs(old: Iterable[Given], new: Iterable[Given]) -> list[Pair]:
    """Return files of both by resource, in the order of the newer version, then what went."""
    before = {each.resource_id: each for each in old}
    after = {each.resource_id: each for each in new}
    return [*(Pair(before.get(name), each) for name, each in after.items()),
            *(Pair(each, None) for name, each in before.items() if name not in after)]


def asked(found: Iterable[Pair]) -> dict[str, Asked]:
    """Return what to compare, by resource: tables of which both versions hold the bytes."""
    wanted = [each for each in found if each.moved and each.old and each.new
              and each.old.sha256 and each.new.sha256 and each.old.kind and each.new.kind]
    keys = _datastore_keys({name for each in wanted for given in (each.old, each.new)
                            if given for name in (given.resource_id, given.own_id)})
    result: dict[str, Asked] = {}
    for each in wanted:
        old, new = each.old, each.new
        assert old and new and old.sha256 and new.sha256
        schema = _schema(new.said.get("skema"))
        declared = [(tuple(names), "skema") for names in [_primary_key(schema)] if names]
        declared += [(keys[name], "datastore") for name in (new.own_id, new.resource_id)
                     if name in keys]
        result[each.any.resource_id] = Asked(
            old.sha256, new.sha256, (_named(old), _named(new)), (old.kind or "", new.kind or ""),
            tuple(dict.fromkeys(declared)), _types(schema))
    return result


def _named(given: Given) -> str:
    return (given.filename or given.name or "tabel.csv")[:200]


def _schema(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return value if is_object(value) else {}


def _primary_key(schema: Mapping[str, Any]) -> list[str]:
    key = schema.get("primaryKey")
    names = [key] if isinstance(key, str) else key if is_list(key) else []
    return [each for each in names if isinstance(each, str) and each][:20]


def _types(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return of a schema what decides whether two values say the same."""
    fields = schema.get("fields")
    return {"fields": [
        {name: each[name] for name in ("name", "type", "decimalChar", "groupChar")
         if isinstance(each.get(name), str)}
        for each in (fields if is_list(fields) else []) if is_object(each)][:2_000]}


def _datastore_keys(resource_ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return the columns by which the datastore keeps rows apart, of tables that have such."""
    if not resource_ids:
        return {}
    try:
        with postgres.get_read_engine().connect() as connection:
            rows = connection.execute(sa.text("""
                SELECT DISTINCT ON (c.relname) c.relname::text AS name, array_agg(
                       a.attname::text ORDER BY array_position(x.indkey::int2[], a.attnum)) AS cols
                FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid
                JOIN pg_namespace s ON s.oid = c.relnamespace AND s.nspname = 'public'
                JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = ANY(x.indkey)
                WHERE x.indisunique AND NOT x.indisprimary AND x.indexprs IS NULL
                  AND c.relname = ANY(:names)
                GROUP BY c.relname, x.indexrelid ORDER BY c.relname, x.indexrelid"""),
                {"names": sorted(resource_ids)}).all()
    except sa.exc.OperationalError:  # the datastore is down: a key is proposed
        return {}
    return {name: tuple(columns) for name, columns in rows}
