"""Fixtures of the tests that run inside CKAN."""
from __future__ import annotations

import csv
import os
import resource as limits
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib.search.common import make_connection
from ckan.model import user as user_model
from ckan.plugins import plugin_loaded
from ckan.plugins import toolkit as tk
from ckan.tests import factories, helpers
from ckanext.datastore.backend import postgres
from passlib.hash import pbkdf2_sha512

sys.path.insert(0, str(Path(__file__).parent))  # for the samples, whatever the import mode
import s3_server
from kept import app  # noqa: F401  (for every test)
from marked_scene import Scene

#: Bytes on :func:`small_disk`.
ROOM = 256 * 1024
#: Plugins whose own tables the tests need.
MIGRATED = ("activity", "harvest", "satudata")


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hash passwords with few rounds: the time CKAN takes over it is a protection, not a result."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(user_model, "pbkdf2_sha512", pbkdf2_sha512.using(rounds=10))
        yield


@pytest.fixture(scope="session")
def reset_db_with_plugins(
    reset_db: Callable[[], None], migrate_db_for: Callable[[str], None]
) -> Callable[[], None]:
    """Empty the database; the first time make the plugins' tables as well.

    CKAN's ``reset_db`` drops every table the first time and only empties them
    later, so the migrations of plugins are applied once a session. They leave CKAN
    with an engine that connects anew for each transaction, so the one it had is given back.
    """
    migrated: list[str] = []

    def reset() -> None:
        engine = model.ensure_engine()
        reset_db()
        if not migrated:
            for name in MIGRATED:
                if plugin_loaded(name):
                    migrate_db_for(name)
                    migrated.append(name)
        if model.ensure_engine() is not engine:
            model.Session.remove()
            model.init_model(engine)
        _empty_ours()

    return reset


@pytest.fixture
def clean_db(with_plugins: Any, reset_db_with_plugins: Callable[[], None]) -> None:
    """An empty database with the tables of all plugins."""
    reset_db_with_plugins()


def _empty_ours() -> None:
    """Empty our own tables; triggers that keep rows for ever are put aside for it."""
    assert model.meta.engine is not None
    with model.meta.engine.begin() as connection:
        found = connection.execute(sa.text(
            "SELECT relname, relhastriggers FROM pg_class "
            "WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' "
            "AND starts_with(relname, 'satudata_') AND relname <> 'satudata_alembic_version'"
        )).all()
        guarded = [table for table, triggers in found if triggers]
        for table in guarded:
            connection.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        # Of few rows this takes a tenth of TRUNCATE's time; keys are looked at in the end.
        connection.execute(sa.text("WITH " + ", ".join(
            f"gone_{table} AS (DELETE FROM {table})" for table, _ in found) + " SELECT 1"))
        for table in guarded:
            connection.execute(sa.text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


@pytest.fixture(scope="session")
def reset_datastore() -> Callable[[], None]:
    """Take every table out of the datastore."""
    return _empty_datastore


@pytest.fixture
def clean_datastore(with_plugins: Any) -> None:
    """A datastore without tables."""
    _empty_datastore()


def _empty_datastore() -> None:
    with postgres.get_write_engine().begin() as connection:
        tables = connection.execute(sa.text(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
            "AND NOT starts_with(tablename, '_')")).scalars().all()
        for table in tables:
            connection.execute(sa.text(f'DROP TABLE "{table}" CASCADE'))
        connection.execute(sa.text("DELETE FROM _table_stats"))


@pytest.fixture
def clean_files(with_plugins: Any) -> None:
    """A storage of resources without files, for those who compare it."""
    for path in Path(tk.config["ckan.files.storage.resources.path"]).iterdir():
        shutil.rmtree(path)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A quarter of a megabyte; where no file system may be mounted, the kernel's limit on a file.

    Both are the real thing: a write the operating system refuses half-way.
    """
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", tmp_path],
        capture_output=True, check=False).returncode == 0 if (
            os.geteuid() == 0 and shutil.which("mount")) else False
    before = limits.getrlimit(limits.RLIMIT_FSIZE)
    if not mounted:
        limits.setrlimit(limits.RLIMIT_FSIZE, (ROOM, before[1]))
    try:
        yield tmp_path
    finally:
        if mounted:
            subprocess.run(["umount", tmp_path], check=True)
        else:
            limits.setrlimit(limits.RLIMIT_FSIZE, before)


@pytest.fixture(scope="session")
def s3() -> Iterator[s3_server.Server]:
    """A server that speaks S3."""
    server = s3_server.Server()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def scenes() -> list[Scene]:
    """The scene of a module, once a test asked for it."""
    return []


@pytest.fixture
def scene(
    scenes: list[Scene], app: Any, request: pytest.FixtureRequest  # noqa: F811
) -> Scene:
    """A dataset whose every part says its version, made once for a module without its own scene.

    In whatever state the test before left it.
    """
    if not scenes:
        for name in ("clean_db", "clean_index", "clean_datastore"):
            request.getfixturevalue(name)
        scenes.append(Scene(app))
    return scenes[0]


#: Tables that looking at the portal may change, and the ledger of bytes, which knows more than is
#: kept.
IGNORED = {"kombu_message", "kombu_queue", "apscheduler_jobs", "satudata_blob"}


def _everything() -> dict[str, Any]:
    """Return a digest of every table, of the index and the names of all stored files."""
    model.Session.rollback()
    found: dict[str, Any] = {}
    for label, engine in (("ckan", model.meta.engine), ("datastore", postgres.get_write_engine())):
        with engine.connect() as connection:
            tables = [row[0] for row in connection.execute(sa.text(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))]
            for table in tables:
                if table in IGNORED:
                    continue
                rows = connection.execute(sa.text((
                    "SELECT count(*), "
                    "coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') "
                    f'FROM "{table}" t').replace(":", r"\:"))).one()
                found[f"{label}.{table}"] = tuple(rows)
    solr = make_connection()
    found["solr"] = sorted(
        (doc["id"], doc.get("metadata_modified")) for doc in solr.search("*:*", rows=10_000))
    root = Path(tk.config["ckan.files.storage.resources.path"])
    found["files"] = sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.is_file())
    return found


@pytest.fixture
def everything() -> Callable[[], dict[str, Any]]:
    """What the portal holds, in both databases, the index and the storage, to compare."""
    return _everything


@pytest.fixture
def admin() -> dict[str, Any]:
    """A sysadmin with a token."""
    return factories.SysadminWithToken()


@pytest.fixture
def agency(admin: dict[str, Any]) -> dict[str, Any]:
    """An agency of the government with its field of government."""
    return helpers.call_action(
        "organization_create", {"user": admin["name"], "ignore_auth": False},
        title="Dinas Kesehatan", urusan=["1.02"], surel="dinkes@serangkab.go.id",
        jenis_instansi="dinas", kode_wilayah="36.04",
    )


@pytest.fixture
def org() -> str:
    """The name of an organization."""
    return factories.Organization(name="dinas-coba", title="Dinas Coba")["name"]


@pytest.fixture
def user() -> str:
    """The name of the site's own user."""
    return helpers.call_action("get_site_user")["name"]


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Make a folder of files; a manifest given as rows is written as CSV."""

    def make(manifest: list[dict[str, str]] | None = None, **files: str | bytes) -> Path:
        for name, content in files.items():
            path = tmp_path / name.replace("__", ".")
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        if manifest is not None:
            names = list(dict.fromkeys(key for row in manifest for key in row))
            with (tmp_path / "manifest.csv").open("w", newline="", encoding="utf-8") as stream:
                writer = csv.DictWriter(stream, names)
                writer.writeheader()
                writer.writerows(manifest)
        return tmp_path

    return make
