"""Fills one CKAN for the measuring of the feed, and times what a request does not show.

Called as ``worker_feed.py INI fill KIND COUNT | multiply BASE COUNT | settle DATASETS |
change DATASETS | stored | ranges SIZE | index PART PARTS | profile PAGES``. Prints the figures as
JSON; times are milliseconds. Nothing is removed: the installation is made anew for each benchmark.
"""
from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from worker import dataset, publish, timed

Figures = dict[str, list[float]]
#: Datasets made by CKAN itself; all others are copies of their rows.
TEMPLATES = 25
PAGE = 100
#: What belongs to a dataset: table -> columns that name the row, columns that name the dataset.
_PARTS = {"resource": ("id", ("package_id",)), "package_tag": ("id", ("package_id",)),
          "member": ("id", ("table_id",)),
          "satudata_submission": ("id", ("package_id", "content_id"))}


# ---------------------------------------------------------------- filling
def fill(kind: str, count: int) -> Figures:
    """Bring the installation to so many public datasets named ``ukur-1``, ``ukur-2`` ..."""
    import sqlalchemy as sa
    from ckan import model

    have = model.Session.scalar(sa.text(
        "SELECT count(*) FROM package WHERE name ~ '^ukur-[0-9]+$'"))
    if not have:
        _templates(kind)
        have = TEMPLATES
    tables = [each for each in _PARTS if kind == "ours" or not each.startswith("satudata_")]
    given = {"first": have + 1, "last": count, "templates": TEMPLATES}
    copies = ("FROM generate_series(:first, :last) n "
              "JOIN package p ON p.name = 'ukur-' || (1 + n % :templates) ")
    with model.meta.engine.begin() as connection:
        connection.execute(sa.text(
            "INSERT INTO package SELECT copy.* " + copies + """,
            LATERAL jsonb_populate_record(p, jsonb_build_object(
                'id', md5(p.id || n)::uuid::text, 'name', 'ukur-' || n,
                'title', p.title || ' ' || n,
                'metadata_created', p.metadata_created - n * interval '1 minute',
                'metadata_modified', p.metadata_modified - n * interval '1 second')) copy
            """), given)
        for table in tables:
            identifier, owners = _PARTS[table]
            said = ", ".join([f"'{identifier}', md5(part.{identifier} || n)::uuid::text",
                              *(f"'{owner}', md5(p.id || n)::uuid::text" for owner in owners)])
            connection.execute(sa.text(
                f"INSERT INTO {table} SELECT copy.* {copies} "
                f"JOIN {table} part ON part.{owners[0]} = p.id, "
                f"LATERAL jsonb_populate_record(part, jsonb_build_object({said})) copy"), given)
    _analyze("package", *tables)
    return {}


def _templates(kind: str) -> None:
    """Make datasets by the actions, each with texts of another length."""
    from ckan.plugins import toolkit as tk

    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    context = {"user": site, "ignore_auth": True}
    owner = tk.get_action("organization_create")(
        dict(context), {"name": "dinas-ukur", "title": "Dinas Pengukuran"})["id"]
    for number in range(1, TEMPLATES + 1):
        data = dataset(kind, owner)
        data |= {"name": f"ukur-{number}",
                 "title": f"Jumlah penduduk menurut kecamatan dan jenis kelamin {number}",
                 "notes": data["notes"] * (1 + number % 3)}
        publish(kind, tk.get_action("package_create")(dict(context), data)["id"], site)


def multiply(base: int, count: int) -> Figures:
    """Give the datasets behind ``base`` copies of the entries of those before it."""
    import sqlalchemy as sa
    from ckan import model

    from ckanext.satudata.federation.feed.model import PIECES

    with model.meta.engine.begin() as connection:
        given = {"base": base, "count": count}
        connection.execute(sa.text("""
            CREATE TEMPORARY TABLE ukur ON COMMIT DROP AS
            SELECT p.id, e.package_id AS of, (n - 1) / :base AS round
            FROM generate_series(:base + 1, :count) n
            JOIN package p ON p.name = 'ukur-' || n
            JOIN package b ON b.name = 'ukur-' || (1 + (n - 1) % :base)
            JOIN satudata_feed_entry e ON e.package_id = b.id"""), given)
        connection.execute(sa.text("""
            INSERT INTO satudata_feed_entry SELECT copy.* FROM ukur u
            JOIN satudata_feed_entry e ON e.package_id = u.of, satudata_feed_state s,
            LATERAL jsonb_populate_record(e, jsonb_build_object(
                'package_id', u.id, 'slot', e.slot + u.round * s.slot,
                'sequence', e.sequence + u.round * s.sequence,
                'created_sequence', e.created_sequence + u.round * s.sequence)) copy"""))
        for table in PIECES.values():
            connection.execute(sa.text(f"""
                INSERT INTO {table.name} SELECT e.slot + u.round * s.slot, f.piece
                FROM ukur u JOIN satudata_feed_entry e ON e.package_id = u.of
                JOIN {table.name} f ON f.slot = e.slot, satudata_feed_state s ORDER BY 1"""))
        connection.execute(sa.text("""
            INSERT INTO satudata_feed_change SELECT copy.* FROM satudata_feed_change c,
            satudata_feed_state s, generate_series(1, :count / :base - 1) n,
            LATERAL jsonb_populate_record(c, jsonb_build_object(
                'sequence', c.sequence + n * s.sequence)) copy"""), given)
        connection.execute(sa.text("""
            UPDATE satudata_feed_state SET slot = slot * (:count / :base),
            sequence = sequence * (:count / :base),
            live = (SELECT count(*) FROM satudata_feed_entry WHERE deleted_at IS NULL),
            local = (SELECT count(*) FROM satudata_feed_entry WHERE deleted_at IS NULL)"""), given)
    _analyze("satudata_feed_entry", "satudata_feed_change",
             *(table.name for table in PIECES.values()))
    return {}


def _analyze(*tables: str) -> None:
    """Do what autovacuum does after a while."""
    import sqlalchemy as sa
    from ckan import model

    with model.meta.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE " + ", ".join(tables)))


def index(part: int, parts: int) -> Figures:
    """Put some of the datasets into Solr: whose number leaves ``part``."""
    import sqlalchemy as sa
    from ckan import model
    from ckan.lib.search import commit, rebuild

    rebuild(package_ids=list(model.Session.scalars(sa.text(
        "SELECT id FROM package WHERE name ~ '^ukur-[0-9]+$'"
        " AND CAST(substr(name, 6) AS integer) % :parts = :part"),
        {"part": part, "parts": parts})))
    commit()
    return {}


# ---------------------------------------------------------------- settling
@contextmanager
def parted(times: Figures) -> Iterator[None]:
    """Collect what the parts of describing and writing one dataset take."""
    from ckan.plugins import toolkit as tk
    from ckanext.dcat.processors import RDFSerializer

    from ckanext.satudata.federation.feed import building, writing

    def of(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def called(*given: Any, **named: Any) -> Any:
            return timed(times.setdefault(name, []), lambda: function(*given, **named))
        return called

    get_action = tk.get_action

    def action(name: str) -> Any:
        found = get_action(name)
        return of("  package_show", found) if name == "package_show" else found

    with (mock.patch.object(tk, "get_action", action),
          mock.patch.object(RDFSerializer, "graph_from_dataset",
                            of("  graph", RDFSerializer.graph_from_dataset)),
          mock.patch.object(building, "fragments", of("  four syntaxes", building.fragments)),
          mock.patch.object(building, "pod_dataset", of("  POD", building.pod_dataset)),
          mock.patch.object(building, "flattened", of("  national", building.flattened)),
          mock.patch.object(building, "deflated", of("  compressing", building.deflated)),
          mock.patch.object(writing.Writing, "write",
                            of("  writing rows", writing.Writing.write))):
        yield


def settle(count: int) -> Figures:
    """Publish a changed title again and again: what the feed adds to that."""
    import sqlalchemy as sa
    from ckan import model

    from ckanext.satudata.federation.feed import settling
    from ckanext.satudata.shared.db import unit_of_work
    from ckanext.satudata.shared.feed_marks import mark

    times: Figures = {}

    def note(package: str) -> None:
        with unit_of_work():
            mark([package])

    def work() -> None:
        with unit_of_work():
            settling.settle(settling.claimed())

    for number, package in enumerate(_some(count + 3)):
        model.Session.execute(sa.text(
            "UPDATE package SET title = title || ' (baru)', metadata_modified = now() AT TIME ZONE"
            " 'UTC' WHERE id = :id"), {"id": package})
        model.Session.commit()
        model.Session.remove()
        parts: Figures = {}
        whole: list[float] = []
        timed(times.setdefault("mark, committed by itself", []),
              lambda package=package: note(package))
        with parted(parts):
            timed(whole, work)
        times.setdefault("settling one dataset", []).extend(whole)
        for name, values in parts.items():
            times.setdefault(name, []).append(sum(values))
        times.setdefault("  the rest: claim, locks, commit", []).append(
            whole[0] - sum(sum(values) for values in parts.values()))
        if number < 3:
            times.clear()
    return times


def _some(count: int) -> list[str]:
    """Return ids of public datasets, spread over all."""
    import sqlalchemy as sa
    from ckan import model

    return list(model.Session.scalars(sa.text(
        "SELECT p.id FROM package p JOIN satudata_feed_entry e ON e.package_id = p.id"
        " ORDER BY md5(p.id) LIMIT :count"), {"count": count}))


def change(count: int) -> Figures:
    """Change so many datasets and bring the feed up to date; tell the number before."""
    import sqlalchemy as sa
    from ckan import model

    from ckanext.satudata.federation.feed import settling
    from ckanext.satudata.federation.feed.writing import state
    from ckanext.satudata.shared.db import unit_of_work
    from ckanext.satudata.shared.feed_marks import mark

    before = state().sequence
    chosen = _some(count)
    with unit_of_work():
        model.Session.execute(sa.text(
            "UPDATE package SET title = title || ' (ubah)', metadata_modified = now() AT TIME ZONE"
            " 'UTC' WHERE id = ANY(:ids)"), {"ids": chosen})
        mark(chosen)
    began = time.perf_counter()
    if not settling.settle_now(600.0):
        raise SystemExit("the feed was not settled")
    return {"before": [before], "ms": [1000 * (time.perf_counter() - began)]}


# ---------------------------------------------------------------- looking at it
def stored() -> Figures:
    """Tell how many bytes a dataset takes."""
    import sqlalchemy as sa
    from ckan import model

    from ckanext.satudata.federation.feed.model import PIECES

    count = model.Session.scalar(sa.text("SELECT count(*) FROM satudata_feed_entry"))
    size = {name: model.Session.scalar(sa.text(f"SELECT pg_total_relation_size('{name}')")) / count
            for name in ("satudata_feed_entry", "satudata_feed_change",
                         *(table.name for table in PIECES.values()))}
    change = size.pop("satudata_feed_change")
    said: Figures = {}
    for form, table in PIECES.items():
        stored, plain = model.Session.execute(sa.text(
            "SELECT avg(length(piece)), avg(get_byte(piece, 0) + 256 * get_byte(piece, 1)"
            f" + 65536 * get_byte(piece, 2)) FROM {table.name}")).one()
        said |= {f"{form} stored": [float(stored)], f"{form} plain": [float(plain)]}
    return {"entries": [count], "entry": [sum(size.values())], "change": [change], **said}


def ranges(size: int) -> Figures:
    """Time the one question of ``data.json`` that looks at every entry."""
    from ckanext.satudata.federation.feed.reading import opened

    times: Figures = {}
    for _ in range(8):
        with opened() as reading:
            timed(times.setdefault("ranges", []),
                  lambda reading=reading: reading.ranges(size, True))
    return times


def profile(pages: int) -> Figures:
    """Time ckanext-dcat's own code with the profile of this installation, as an action.

    Only so many datasets as that takes are in the index.
    """
    import sqlalchemy as sa
    from ckan import model
    from ckanext.dcat.logic import dcat_catalog_show

    have = model.Session.scalar(sa.text("SELECT count(*) FROM package WHERE name ~ '^ukur-'"))
    index(0, max(1, have // (PAGE * pages)))
    times: Figures = {}
    for extension in ("ttl", "xml", "jsonld"):
        for number in range(1, pages + 1):
            made = timed(times.setdefault(extension, []), lambda number=number,
                         extension=extension: dcat_catalog_show(
                             {"user": ""}, {"format": extension, "page": number}))
            if made.count("Tabel menurut kecamatan") < 3 * PAGE:
                raise SystemExit(f"{extension} page {number} has not {PAGE} datasets of 3 files")
    return times


def main(ini: str, what: str, *given: str) -> Figures:
    """Do one thing in the installation of an ini file."""
    from ckan.cli import CKANConfigLoader
    from ckan.config.middleware import make_app

    flask_app: Any = make_app(CKANConfigLoader(ini).get_config())._wsgi_app
    logging.disable(logging.INFO)
    with flask_app.test_request_context():
        return {
            "fill": lambda: fill(given[0], int(given[1])),
            "multiply": lambda: multiply(int(given[0]), int(given[1])),
            "settle": lambda: settle(int(given[0])), "change": lambda: change(int(given[0])),
            "stored": stored, "ranges": lambda: ranges(int(given[0])),
            "index": lambda: index(int(given[0]), int(given[1])),
            "profile": lambda: profile(int(given[0])),
        }[what]()


if __name__ == "__main__":
    print("RESULT " + json.dumps(main(*sys.argv[1:])))
