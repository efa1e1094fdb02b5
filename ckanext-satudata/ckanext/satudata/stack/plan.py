"""What a start runs and in which order, from the options and the environment."""
from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import shutil
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from ckanext.satudata.stack import bucket, config, databases, ports, postgres, solr, valkey, web
from ckanext.satudata.stack.errors import StackError
from ckanext.satudata.stack.home import Home, write_private
from ckanext.satudata.stack.part import External, Part, Task, Unit
from ckanext.satudata.stack.process import Command

__all__ = ["Options", "Plan", "make"]

USUAL_PORT = 5000
#: A first start writes about 150 MB; below this PostgreSQL may not come back from a crash.
MEGABYTES_NEEDED = 500
#: Lanes of the tests inside CKAN: each runs its share with databases, queues and a core of its own.
LANES = ("test", "test_2")
#: Database and core of the second, stock CKAN that harvests us in the live tests.
STOCK = "ckan_stock"
PACKAGES = ("ckan", "ckanext-dcat", "ckanext-scheming", "ckanext-harvest", "ckanext-satudata")


@dataclass(frozen=True)
class Options:
    """What the person asked for; None means as last time, or the usual."""

    host: str | None = None
    port: int | None = None
    region: str | None = None
    demo: bool = True
    tests: bool = False


@dataclass
class Plan:
    """Units in the order they are shown, and what the person is told at the end."""

    url: str
    units: list[Unit] = field(default_factory=list)
    #: For a test run: the inis of the tests inside CKAN (``inis``), and environment of the live
    #: ones.
    test: dict[str, Any] = field(default_factory=dict)


@dataclass
class Testing:
    """Addresses for a test run: settings of each lane, environment of the live tests."""

    lanes: dict[str, dict[str, str]] = field(
        default_factory=lambda: {name: {} for name in LANES})
    env: dict[str, str] = field(default_factory=dict)


class CreateDatabases(Task):
    name, label = "databases", "Databases"
    needs = ("postgres",)

    def __init__(self, home: Home, superuser: str, names: tuple[str, ...]) -> None:
        super().__init__(home)
        self.superuser, self.names = superuser, names

    def command(self) -> Command:
        return Command(
            [sys.executable, "-I", "-m", "ckanext.satudata.stack.databases", *self.names],
            env={databases.SUPERUSER: self.superuser},
        )


#: What a portal with the demo region says of itself; yours to change afterwards.
DEMO = {
    "ckanext.satudata.demo": "true",
    "ckanext.satudata.walidata": "contoh-diskominfo",
}


class SetUpCkan(Task):
    """Tables, permissions, sysadmin; skipped while no installed version and no setting changed."""

    name, label = "ckan-setup", "CKAN tables"
    needs = ("databases", "valkey")
    todo = "See ./deploy/portal logs ckan-setup."

    def __init__(self, home: Home, ini: Path, superuser: str, stamp: str = "",
                 name: str = "") -> None:
        if name:
            self.name, self.label = name, "CKAN tables of the tests"
        super().__init__(home)
        self.ini, self.superuser, self.stamp = ini, superuser, stamp
        self.result: dict[str, str] = {}

    def needed(self) -> bool:
        return not self.stamp or self.home.settings().get(self.name) != self.stamp

    def command(self) -> Command:
        sysadmin = ["--sysadmin"] if self.ini == self.home.ini else []
        return Command([sys.executable, "-I", "-m", "ckanext.satudata.stack.setup_ckan", self.ini,
                        *sysadmin], env={databases.SUPERUSER: self.superuser})

    def done(self) -> None:
        self.home.save_settings({**self.home.settings(), self.name: self.stamp})


class CkanTask(Task):
    """A ``ckan`` command run once in the life of a home."""

    needs = ("ckan-setup", "solr", "valkey")

    def __init__(self, home: Home, name: str, label: str, *arguments: str, always: bool = False,
                 todo: str = "") -> None:
        self.name, self.label, self.todo = name, label, todo
        super().__init__(home)
        self.arguments, self.always = arguments, always

    def needed(self) -> bool:
        return self.always or not self.home.settings().get(self.name)

    def command(self) -> Command:
        return Command(web.ckan(self.home.ini, *self.arguments))

    def done(self) -> None:
        if not self.always:
            self.home.save_settings({**self.home.settings(), self.name: True})


def make(home: Home, options: Options) -> Plan:
    """Check what can be checked before anything runs, write the ini, return what to run.

    :raises StackError: port taken, disk full, a part that is nowhere to be found
    """
    _check_space(home)
    settings = home.settings()
    host = options.host or settings.get("host") or "127.0.0.1"
    port = ports.choose(host, options.port or settings.get("wanted_port"),
                        settings.get("port", USUAL_PORT))
    url = os.environ.get("SATUDATA_SITE_URL") or _site_url(host, port)
    region = options.region or settings.get("region")
    settings.update(host=host, port=port, region=region,
                    wanted_port=options.port or settings.get("wanted_port"))
    settings.setdefault("secrets", config.new_secrets())
    plan = Plan(url)
    addresses = {"ckan.site_url": url}
    test = Testing()

    superuser = _postgres(home, plan, addresses, test, options)
    _valkey(home, plan, addresses, test, options)
    new_index = _solr(home, plan, addresses, test, options, settings)
    if not options.tests:
        addresses.update(bucket.given())
    if options.region:
        addresses["ckanext.satudata.wilayah"] = options.region
    if options.demo and not settings.get("demo"):
        addresses.update(DEMO)

    home.save_settings(settings)
    config.write(home.ini, addresses, config.defaults(home.path, settings["secrets"], region))

    stamp = _stamp(addresses, home)
    setup = SetUpCkan(home, home.ini, superuser["main"], stamp)
    known = not setup.needed()
    plan.units.append(setup)
    if options.tests:
        inis = [_write_test_ini(home, name, keys) for name, keys in test.lanes.items()]
        for name, ini in zip(LANES, inis, strict=True):
            plan.units.append(SetUpCkan(
                home, ini, superuser[name], name=f"{name.replace('_', '-')}-setup"))
        plan.test = {"inis": [str(ini) for ini in inis], **test.env}
    if new_index and settings.get("ckan-setup"):
        plan.units.append(CkanTask(
            home, "search-index", "Search index", "search-index", "rebuild", always=True))
    if options.demo and not (known and settings.get("demo")):
        plan.units.append(CkanTask(
            home, "demo", "Demo region", "satudata", "demo",
            todo="See ./deploy/portal logs demo, or start without it: --no-demo"))
    for unit in (web.Web(home, host, port, url), web.Worker(home), web.Scheduler(home)):
        if os.environ.get("SATUDATA_SOLR_URL"):  # CKAN checks the schema of a given one as it loads
            unit.needs = (*unit.needs, "solr")
        plan.units.append(unit)
    return plan


def _postgres(home: Home, plan: Plan, addresses: dict[str, str], test: Testing,
              options: Options) -> dict[str, str]:
    given = os.environ.get("SATUDATA_SQLALCHEMY_URL")
    if given:
        return _given_postgres(home, plan, addresses, given, options)
    programs = postgres.binaries()
    server = postgres.Postgres(home, programs)
    names = ["ckan", "datastore"]
    if options.tests:
        names += [f"{kind}_{lane}" for lane in LANES for kind in ("ckan", "datastore")] + [STOCK]
    plan.units += [
        postgres.Initdb(home, programs), server,
        CreateDatabases(home, server.url("postgres", "postgres"), tuple(names)),
    ]
    def keys(main: str, store: str) -> dict[str, str]:
        return {"sqlalchemy.url": server.url(databases.OWNER, main),
                "ckan.datastore.write_url": server.url(databases.OWNER, store),
                "ckan.datastore.read_url": server.url(databases.READER, store)}
    addresses.update(keys("ckan", "datastore"))
    for lane, settings in test.lanes.items():
        settings.update(keys(f"ckan_{lane}", f"datastore_{lane}"))
    test.env["SATUDATA_STOCK_SQLALCHEMY_URL"] = server.url(databases.OWNER, STOCK)
    return {"main": server.url("postgres", "datastore"),
            **{lane: server.url("postgres", f"datastore_{lane}") for lane in LANES}}


def _given_postgres(home: Home, plan: Plan, addresses: dict[str, str], given: str,
                    options: Options) -> dict[str, str]:
    if options.tests:
        raise StackError("Tests", "SATUDATA_SQLALCHEMY_URL is set; tests empty their database.",
                         "Unset it: the tests start a PostgreSQL of their own.")
    write = os.environ.get("SATUDATA_DATASTORE_WRITE_URL")
    read = os.environ.get("SATUDATA_DATASTORE_READ_URL")
    if not write or not read:
        raise StackError(
            "PostgreSQL", "SATUDATA_SQLALCHEMY_URL is given without the datastore's addresses; "
            "CKAN refuses a datastore in its own database.",
            "Make a second database and a role that reads it, then set "
            "SATUDATA_DATASTORE_WRITE_URL and SATUDATA_DATASTORE_READ_URL.",
        )
    addresses.update({"sqlalchemy.url": given, "ckan.datastore.write_url": write,
                      "ckan.datastore.read_url": read})
    host, port = _host_port(given, 5432)
    plan.units.append(External(
        home, "postgres", "PostgreSQL (given)", _without_secret(given),
        lambda: _reaches(host, port), "Check SATUDATA_SQLALCHEMY_URL and that the server runs."))
    # The person's server, the person's grants; where the writing role may grant, it does.
    return {"main": os.environ.get("SATUDATA_DATASTORE_SUPERUSER_URL", "")}


def _valkey(home: Home, plan: Plan, addresses: dict[str, str], test: Testing,
            options: Options) -> None:
    if given := os.environ.get("SATUDATA_REDIS_URL"):
        if options.tests:
            raise StackError("Tests", "SATUDATA_REDIS_URL is set; tests empty their queues.",
                             "Unset it: the tests start a Valkey of their own.")
        addresses["ckan.redis.url"] = given
        host, port = _host_port(given, 6379)
        plan.units.append(External(
            home, "valkey", "Redis (given)", _without_secret(given),
            lambda: _reaches(host, port), "Check SATUDATA_REDIS_URL and that the server runs."))
        return
    part = valkey.Valkey(home, valkey.server())
    plan.units.append(part)
    addresses["ckan.redis.url"] = part.url(0)
    test.env["SATUDATA_STOCK_REDIS_URL"] = part.url(1)
    for number, settings in enumerate(test.lanes.values(), 2):
        settings["ckan.redis.url"] = part.url(number)


def _solr(home: Home, plan: Plan, addresses: dict[str, str], test: Testing,
          options: Options, settings: dict) -> bool:
    if given := os.environ.get("SATUDATA_SOLR_URL"):
        if options.tests:
            raise StackError("Tests", "SATUDATA_SOLR_URL is set; tests empty their index.",
                             "Unset it: the tests start a Solr of their own.")
        addresses["solr_url"] = given
        plan.units.append(External(
            home, "solr", "Solr (given)", _without_secret(given), lambda: solr.answers(given),
            "Check SATUDATA_SOLR_URL; it names the core, with CKAN's schema.xml."))
        return False
    lanes = [f"ckan_{lane}" for lane in LANES]
    cores = ("ckan", *lanes, STOCK) if options.tests else ("ckan",)
    settings["solr_port"] = ports.choose("127.0.0.1", None, settings.get("solr_port"), "Solr")
    part = solr.Solr(home, settings["solr_port"], cores)
    plan.units += [solr.Jars(home), part]
    addresses["solr_url"] = part.url("ckan")
    for core, keys in zip(lanes, test.lanes.values(), strict=True):
        keys["solr_url"] = part.url(core)
    test.env["SATUDATA_STOCK_SOLR_URL"] = part.url(STOCK)
    return part.is_new()


def _site_url(host: str, port: int) -> str:
    if host in {"0.0.0.0", "::"}:
        host = _own_address()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _own_address() -> str:
    """Return the address other machines see; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def _check_space(home: Home) -> None:
    left = shutil.disk_usage(home.path).free // 1_000_000
    if left < MEGABYTES_NEEDED:
        raise StackError(
            "Disk space", f"{left} MB are free in {home.path}, {MEGABYTES_NEEDED} MB are needed.",
            "Free space, or give a folder on another disk: --home DIR",
        )


def _stamp(addresses: dict[str, str], home: Home) -> str:
    """Return what the tables depend on: versions, migrations, plugins, which database."""
    versions = []
    for package in PACKAGES:
        try:
            versions.append(importlib.metadata.version(package))
        except importlib.metadata.PackageNotFoundError:
            versions.append("-")
    migrations = sorted(
        str(p.name) for p in (Path(__file__).parents[1] / "migration").rglob("versions/*.py"))
    about = [versions, migrations, config.read(home.ini).get("ckan.plugins"),
             addresses["sqlalchemy.url"], addresses["ckan.datastore.read_url"]]
    return hashlib.sha256(json.dumps(about).encode()).hexdigest()


def _write_test_ini(home: Home, lane: str, addresses: dict[str, str]) -> Path:
    """Write an ini that is the clone's ``test.ini`` with our addresses.

    Not CKAN_* variables: those would win in every CKAN that a test starts, too.
    """
    base = Path(os.environ.get("SATUDATA_ROOT", os.getcwd())) / "test.ini"
    if not base.exists():
        raise StackError("Tests", f"{base} is missing.", "Run ./deploy/test from a clone.")
    storage = str(home.path / f"storage_{lane}")
    keys = {"use": f"config:{base}", "ckan.storage_path": storage,
            "ckan.files.storage.resources.path": f"{storage}/resources",
            **addresses}
    lines = [f"{key} = {value.replace('%', '%%')}" for key, value in keys.items()]
    ini = home.path / f"{lane}.ini"
    write_private(ini, "\n".join(["[app:main]", *lines]) + "\n")
    return ini


def _host_port(url: str, usual: int) -> tuple[str, int]:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    if parts.scheme == "unix":
        return unquote(parts.path), 0
    if "host" in query and query["host"].startswith("/"):
        return f"{query['host']}/.s.PGSQL.{query.get('port', usual)}", 0
    return parts.hostname or "127.0.0.1", parts.port or usual


def _reaches(host: str, port: int) -> bool:
    try:
        if port == 0:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(1)
                client.connect(host)
                return True
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def _without_secret(url: str) -> str:
    parts = urlsplit(url)
    if parts.password is None:
        return url
    netloc = f"{parts.username or ''}:***@{parts.netloc.rpartition('@')[2]}"
    return parts._replace(netloc=netloc).geturl()


def parts(plan: Plan) -> list[Part]:
    """Return the units that stay up."""
    return [unit for unit in plan.units if isinstance(unit, Part)]
