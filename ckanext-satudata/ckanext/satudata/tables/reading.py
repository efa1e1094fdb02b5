"""Reading tables: of one version, and only what may be known to exist.

While the tables of a new version are put in place nobody reads them, sysadmins neither: the
dataset says the new version already. One answer reads one table: where CKAN asks more than once
for it (``datastore_info``, a dump, a page of DataTables), the table must still be the same at the
end. A table keeps its number in PostgreSQL under whatever name, and never comes back.

An alias is a name a person chose. CKAN says "not authorized" with the resource's id for a hidden
one and "not found" for none, so that guessing tells both.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckanext.datastore.backend import DatastoreBackend, postgres
from flask import g, has_request_context

from ckanext.satudata.shared import snapshot
from ckanext.satudata.shared.datastore import HELD, TableSwitching, inherited
from ckanext.satudata.tables.journal import answering, open_resources, refusal
from ckanext.satudata.tables.masking import masked
from ckanext.satudata.tables.telling import told, told_of

__all__ = [
    "behind",
    "datastore_info",
    "datastore_search",
    "datastore_search_sql",
    "one_answer",
    "optional",
    "same_table",
]

Data = dict[str, Any]
#: Tables this answer has read already, by name, where several reads make one answer.
_READ: ContextVar[dict[str, int | None] | None] = ContextVar("satudata_read", default=None)


def optional() -> dict[str, Callable[..., Any]]:
    """Return the chained actions an installation may leave out."""
    on = tk.asbool(tk.config["ckan.datastore.sqlsearch.enabled"])
    return {"datastore_search_sql": datastore_search_sql} if on else {}


def one_answer() -> None:
    """Let the reads of this request be of the same tables (:func:`same_table`)."""
    g.satudata_read = {}


@contextmanager
def same_table(read: dict[str, int | None]) -> Iterator[None]:
    """Let the reads inside, and others with the same dictionary, be of the same tables.

    :param read: empty at first; kept by who makes one answer of several reads
    :raises TableSwitching: out of the read that met another table
    """
    token = _READ.set(read)
    try:
        yield
    finally:
        _READ.reset(token)


@tk.chained_action
@tk.side_effect_free
@answering()
def datastore_search(next_action: Any, context: Any, data_dict: Data) -> Data:
    """Search a table; see CKAN. An alias of a table you may not read is not found.

    :returns: the records
    :rtype: dictionary
    :raises NotFound: nothing you may read has this alias; or its new version is being put in
        place, which the API answers with 503 and ``Retry-After``
    """
    name = _open_or_refuse(data_dict)
    read = _one_answer()
    if read is None or name is None:
        return _by_alias(next_action, context, data_dict)
    if name not in read:
        read[name] = _number(name)
    found = _by_alias(next_action, context, data_dict)
    if _number(name) != read[name]:
        raise refusal()
    return found


@tk.chained_action
@tk.side_effect_free
@answering()
def datastore_info(next_action: Any, context: Any, data_dict: Data) -> Data:
    """Describe a table; see CKAN. An alias of a table you may not read is not found.

    :returns: its fields and figures
    :rtype: dictionary
    :raises NotFound: nothing you may read has this alias; or its new version is being put in
        place, which the API answers with 503 and ``Retry-After``
    """
    name = _open_or_refuse(data_dict)
    if name is None:
        return _by_alias(next_action, context, data_dict)
    still = _same_since(name)
    # CKAN asks for rows, columns and sizes one after the other, and breaks where they don't fit.
    try:
        found = _by_alias(next_action, context, data_dict)
    except (KeyError, sa.exc.SQLAlchemyError):
        if still():
            raise
        raise refusal() from None
    if not still():
        raise refusal()
    return found


@tk.chained_action
@tk.side_effect_free
@answering()
def datastore_search_sql(next_action: Any, context: Any, data_dict: Data) -> Data:
    """Query tables by SQL; see CKAN. What is wrong with a query is said without names of columns.

    PostgreSQL checks the columns before anybody asked for the right to read the table, and its
    messages name columns that exist.

    :returns: the records
    :rtype: dictionary
    :raises NotFound: the new version of a table is being put in place, which the API answers with
        503 and ``Retry-After``
    """
    if _names_a_table_as_type(data_dict.get("sql")):
        raise tk.ValidationError({"query": [_sql_wrong()]})
    closed = open_resources()
    if closed and closed & _tables_of(data_dict.get("sql")):
        raise refusal()
    try:
        found = next_action(context, data_dict)
        told_of(_tables_of(data_dict.get("sql")), found["records"], context)
        return found
    except tk.ObjectNotFound as error:  # a table that is no resource, named in the message
        raise tk.NotAuthorized(_SQL_REFUSED) from error
    except tk.ValidationError as error:
        info = error.error_dict.get("info") if isinstance(error.error_dict, dict) else None
        if isinstance(info, dict) and "orig" in info:
            raise tk.ValidationError({"query": [_sql_wrong()]}) from error
        raise


_SQL_REFUSED = "Not authorized to read resource."
#: Types a query may name.
_TYPES = frozenset((
    "bool", "bpchar", "bytea", "char", "date", "float4", "float8", "int2", "int4", "int8",
    "interval", "json", "jsonb", "numeric", "text", "time", "timestamp", "timestamptz", "timetz",
    "tsquery", "tsvector", "uuid", "varchar"))


def _sql_wrong() -> str:
    return tk._("SQL tidak dapat dijalankan. Periksa ejaan tabel dan kolom; kolom yang ada "
                "diberitahukan datastore_info.")


def _names_a_table_as_type(sql: Any) -> bool:
    """Tell whether a query names a type beyond plain values.

    CKAN asks for the right to each table that is read. But every table is a type too, of which
    ``NULL::"name"`` tells the columns, and a cast to ``regclass`` whether there is one.
    """
    try:
        statements = postgres.pglast.parser.parse_sql(sql) if isinstance(sql, str) else ()
    except postgres.pglast.parser.ParseError:  # CKAN says what is wrong with it
        return False
    for node in (each for statement in statements for each in postgres.nodes(statement)):
        if node["@"] == "TypeName":
            parts = node["names"]
            *schema, name = [each["sval"] for each in (
                (parts,) if isinstance(parts, dict) else parts or ({"sval": ""},))]
            if name not in _TYPES or schema not in ([], ["pg_catalog"]):
                return True
    return False


def _same_since(name: str) -> Callable[[], bool]:
    """Return what tells, after reading, whether all of it was the table there was before.

    A page shows its dataset as of one moment: as long as nobody changed that, its table is the one
    that belongs to it.
    """
    package = _package_on_page(name)
    if package is not None:
        shown = package.metadata_modified
        return lambda: shown == snapshot.modified_now(package.id, fresh=True)
    before = _number(name)
    return lambda: _number(name) == before


def _package_on_page(name: str) -> model.Package | None:
    """Return the dataset whose page shows a published table, as of the moment of the page."""
    if not has_request_context() or tk.request.path.startswith("/api/") or not snapshot.is_held():
        return None
    resource = model.Session.get(model.Resource, name)
    if resource is None or (resource.extras or {}).get("asal_resource_id"):
        return None  # a working copy's table goes elsewhere when it is published
    return model.Session.get(model.Package, resource.package_id)


def _one_answer() -> dict[str, int | None] | None:
    read = _READ.get()
    return g.get("satudata_read") if read is None and has_request_context() else read


def _tables_of(sql: Any) -> set[str]:
    """Return the tables a query reads, behind aliases, as CKAN finds them."""
    if not isinstance(sql, str):
        return set()
    with postgres.get_read_engine().connect() as connection:
        try:
            _text, tables, _functions = postgres.sanitize_sql(connection, sql)
        except tk.ValidationError:  # CKAN says what is wrong with it
            return set()
    return {name for _schema, name in tables}


def _open_or_refuse(data_dict: Data) -> str | None:
    """Return the name asked for; refuse while its table changes.

    :raises TableSwitching: it does
    """
    named = data_dict.get("resource_id") or data_dict.get("id")
    if not isinstance(named, str):
        return None
    closed = open_resources()
    if closed and (named in closed or behind(named) in closed):
        raise refusal()
    return named


def behind(alias: str) -> str | None:
    """Return the table an alias shows."""
    _exists, real = DatastoreBackend.get_active_backend().resource_id_from_alias(alias)
    return real


def _table_of(named: Any) -> Any:
    """Return the table of an alias; what is none is one itself."""
    return named if not isinstance(named, str) or model.is_id(named) else behind(named)


def _number(name: str) -> int | None:
    """Return the number PostgreSQL gave the table behind a name; another table has another."""
    number = _numbered(name)
    if number is None:
        origin = inherited([name]).get(name)
        return _numbered(origin) if origin else None
    return number


def _numbered(name: str) -> int | None:
    with postgres.get_read_engine().connect() as connection:
        return connection.scalar(sa.text(
            "SELECT coalesce(d.refobjid, c.oid)::bigint FROM pg_class c "
            "LEFT JOIN pg_rewrite r ON r.ev_class = c.oid "
            "LEFT JOIN pg_depend d ON d.objid = r.oid AND d.classid = 'pg_rewrite'::regclass "
            "AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> c.oid "
            "WHERE c.oid = to_regclass(:name) LIMIT 1"),
            {"name": f"public.{postgres.identifier(name)}"})


def _by_alias(next_action: Any, context: Any, data_dict: Data) -> Data:
    """Answer with the same words, whether there is no such table or it is not theirs to read.

    A working copy's file that nobody wrote rows to shows those of the published one.
    """
    asked = dict(data_dict)  # CKAN changes what it is given
    named = asked.get("resource_id") or asked.get("id")
    context[HELD] = []
    try:
        return masked(told(next_action(context, data_dict), context), context, _table_of(named))
    except TableSwitching:
        raise
    except tk.ObjectNotFound:
        origin = inherited([named]).get(named) if isinstance(named, str) else None
        if origin is None:
            raise _not_found(named) from None
    except tk.NotAuthorized:
        if isinstance(named, str) and not model.is_id(named):
            raise _not_found(named) from None
        raise
    tk.check_access("datastore_search", tk.fresh_context(context), {"resource_id": named})
    if origin in open_resources():
        raise refusal()
    key = "resource_id" if "resource_id" in asked else "id"
    found = next_action(context, {**asked, key: origin})
    if "resource_id" in found:
        found["resource_id"] = named
    if "meta" in found:
        found["meta"] = {**found["meta"], "id": named, "aliases": []}
    return masked(found, context, named)


def _not_found(named: Any) -> tk.ObjectNotFound:
    return tk.ObjectNotFound(tk._("Tabel “{name}” tidak ditemukan.").format(name=str(named)[:100]))
