"""A second CKAN with none of our code: what a province or the nation runs.

Plain CKAN with harvest, dcat and scheming, ckanext-dcat's own schema and profile,
its own database, Solr core and Redis database; started by its own commands and
spoken to over HTTP, as an operator would.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["Portal", "StockPortal", "call"]

HARVESTERS = "dcat harvest ckan_harvester dcat_rdf_harvester dcat_json_harvester"
INI = """\
[DEFAULT]
debug = false
[app:main]
use = egg:ckan
ckan.plugins = {plugins}
ckan.site_id = stock
ckan.site_url = {url}
ckan.storage_path = {storage}
ckan.auth.create_unowned_dataset = true
ckan.redis.url = {redis}
sqlalchemy.url = {database}
solr_url = {solr}
SECRET_KEY = {secret}
api_token.jwt.encode.secret = string:{secret}
api_token.jwt.decode.secret = string:{secret}
ckan.harvest.mq.type = redis
scheming.dataset_schemas = ckanext.dcat.schemas:dcat_ap_full.yaml
scheming.presets = ckanext.scheming:presets.json ckanext.dcat.schemas:presets.yaml
[loggers]
keys = root
[handlers]
keys = console
[formatters]
keys = generic
[logger_root]
level = WARNING
handlers = console
[handler_console]
class = StreamHandler
args = (sys.stderr,)
formatter = generic
[formatter_generic]
format = %(asctime)s %(levelname)s %(name)s %(message)s
"""
#: No proxy stands between two portals of one machine.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def call(url: str, token: str, action: str, /, **fields: Any) -> Any:
    """Call an action over HTTP and return its result."""
    request = urllib.request.Request(
        f"{url}/api/3/action/{action}",
        json.dumps(fields).encode(),
        {"Content-Type": "application/json", "Authorization": token},
    )
    try:
        with _OPENER.open(request, timeout=120) as answer:
            return json.load(answer)["result"]
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{action}: {error.code} {error.read()[:2000]!r}") from error


class Portal:
    """A running CKAN: its address, its ini and a sysadmin's token."""

    def __init__(
        self, url: str, ini: str, python: str, env: Mapping[str, str] | None = None
    ) -> None:
        self.url, self.ini, self.python = url.rstrip("/"), ini, python
        self.env = {**os.environ, **(env or {})}
        # CKAN_* would win over the ini.
        for name in [key for key in self.env if key.startswith("CKAN_")]:
            del self.env[name]
        self.token = ""

    def ckan(self, *words: str, timeout: float = 180) -> str:
        """Run a ``ckan`` command and return what it prints."""
        done = subprocess.run(
            self.command(*words), capture_output=True, text=True, timeout=timeout, env=self.env
        )
        assert done.returncode == 0, f"ckan {' '.join(words)}: {done.stdout}\n{done.stderr[-3000:]}"
        return done.stdout

    def command(self, *words: str) -> list[str]:
        code = "from ckan.cli.cli import ckan; ckan(prog_name='ckan')"
        return [self.python, "-I", "-c", code, "-c", self.ini, *words]

    def sign_in(self, user: str) -> None:
        """Make a token of a sysadmin."""
        said = self.ckan("user", "token", "add", user, f"live-{secrets.token_hex(4)}", "-q")
        found = re.findall(r"[\w-]+\.[\w-]+\.[\w-]+", said)
        assert found, said
        self.token = found[-1]

    def call(self, action: str, /, **fields: Any) -> Any:
        return call(self.url, self.token, action, **fields)


def _patient(url: str) -> str:
    """Return a Redis address on which a reader may wait a day.

    CKAN 2.12 pins redis-py 8, which gives up a silent connection after 5 seconds;
    the queue readers of ckanext-harvest 1.6.3 wait without end and would die of it.
    """
    return f"{url}{'&' if '?' in url else '?'}socket_timeout=86400"


class StockPortal(Portal):
    """The second CKAN; ``start`` makes it from nothing, ``stop`` ends what it started.

    :ivar through: environment of who reads the pages of others, such as a proxy's address
    """

    def __init__(
        self, folder: Path, python: str, env: Mapping[str, str], schema: bool = True
    ) -> None:
        """Write its ini; with ckanext-dcat's schema, or as the nation runs it, without any."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.running = folder, []  # type: Path, list[subprocess.Popen[bytes]]
        self.through: dict[str, str] = {}
        ini = folder / "stock.ini"
        super().__init__(f"http://127.0.0.1:{self.port}", str(ini), python)
        ini.write_text(
            INI.format(
                plugins=f"scheming_datasets {HARVESTERS}" if schema else HARVESTERS,
                url=self.url,
                storage=folder / "storage",
                secret=secrets.token_urlsafe(24),
                database=env["SATUDATA_STOCK_SQLALCHEMY_URL"],
                solr=env["SATUDATA_STOCK_SOLR_URL"],
                redis=_patient(env["SATUDATA_STOCK_REDIS_URL"]),
            )
        )

    def start(self) -> None:
        """Empty it, make its tables, start its web process and the two queue readers."""
        self.ckan("db", "clean", "--yes")
        self.ckan("db", "init")
        self.ckan("db", "upgrade", "-p", "harvest")
        self.ckan("search-index", "clear")
        self.ckan(
            "user",
            "add",
            "stok",
            "email=stok@contoh.go.id",
            f"password={secrets.token_urlsafe(12)}",
        )
        self.ckan("sysadmin", "add", "stok")
        self.sign_in("stok")
        self.ckan("harvester", "purge-queues")
        self._run("web", "run", "-H", "127.0.0.1", "-p", str(self.port), "--disable-reloader")
        self._run("gather", "harvester", "gather-consumer")
        self._run("fetch", "harvester", "fetch-consumer")
        self._wait(self._answers, "the stock portal answers", 120)

    def _run(self, name: str, *words: str) -> None:
        log = (self.folder / f"{name}.log").open("wb")
        self.running.append(
            subprocess.Popen(
                self.command(*words),
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**self.env, **(self.through if name == "gather" else {})},
            )
        )
        log.close()

    def _answers(self) -> bool:
        try:
            return bool(self.call("status_show"))
        except (AssertionError, OSError):
            return False

    def _wait(self, done: Any, what: str, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not done():
            dead = [each.args for each in self.running if each.poll() is not None]
            assert not dead, f"ended by itself: {dead}\n{self.logs()}"
            assert time.monotonic() < end, f"not within {seconds} s: {what}\n{self.logs()}"
            time.sleep(0.5)

    def logs(self) -> str:
        """Return the ends of the logs, for the message of a failure."""
        return "\n".join(
            f"== {path.name}\n{path.read_text(errors='replace')[-3000:]}"
            for path in sorted(self.folder.glob("*.log"))
        )

    def stop(self) -> None:
        """End the processes this object started."""
        for process in self.running:
            process.terminate()
        for process in self.running:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(15)

    def source(self, name: str, url: str, kind: str, config: str = "") -> str:
        """Make a harvest source and return its id."""
        owner = self.call("organization_create", name=f"org-{name}", title=name)
        made = self.call(
            "harvest_source_create",
            name=name,
            title=name,
            url=url,
            source_type=kind,
            owner_org=owner["id"],
            frequency="MANUAL",
            config=config,
        )
        return made["id"]

    def harvest(self, source_id: str, seconds: float = 300) -> dict[str, Any]:
        """Run a source once through the queues and return the finished job."""
        job = self.call("harvest_job_create", source_id=source_id, run=True)
        left, since = -1, time.monotonic()

        def finished() -> bool:
            nonlocal left, since
            shown = self.call("harvest_job_show", id=job["id"])
            # Objects without a result yet are counted under the name null.
            waiting = shown["stats"].get("null", 0)
            if not shown["gather_finished"] or waiting:
                if waiting != left:
                    left, since = waiting, time.monotonic()
                elif shown["gather_finished"] and time.monotonic() - since > 3:
                    # ckanext-dcat 2.4.4 puts what dcat_json deletes into the queue without its
                    # id; the operator's cron does so with it.
                    self.call("harvest_jobs_run", source_id=source_id)
                    since = time.monotonic()
                return False
            # What an operator's cron does: it closes jobs whose objects are all done. Not
            # before: it puts objects a reader is just working on into the queue once more.
            self.call("harvest_jobs_run", source_id=source_id)
            return self.call("harvest_job_show", id=job["id"])["status"] == "Finished"

        self._wait(finished, f"harvest of {source_id}", seconds)
        return {
            **self.call("harvest_job_show", id=job["id"]),
            "report": self.call("harvest_job_report", id=job["id"]),
        }

    def datasets_of(self, name: str) -> list[dict[str, Any]]:
        """Return the datasets that came from a source."""
        found = self.call(
            "package_search", fq=f"+organization:org-{name} -dataset_type:harvest", rows=1000
        )
        return found["results"]
