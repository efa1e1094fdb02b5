"""CKAN's own processes: web, background worker, scheduler."""
from __future__ import annotations

import socket
import sys
from pathlib import Path

from ckanext.satudata.stack.home import Home
from ckanext.satudata.stack.part import Part
from ckanext.satudata.stack.process import Command

__all__ = ["Scheduler", "Web", "Worker", "ckan"]

#: The ``ckan`` command of this very interpreter, whatever is on PATH.
CKAN = "from ckan.cli.cli import ckan; ckan(prog_name='ckan')"


def ckan(ini: Path, *arguments: str) -> list[str]:
    """Return the argument list of a ``ckan`` command."""
    return [sys.executable, "-I", "-c", CKAN, "-c", str(ini), *arguments]


class Web(Part):
    """gunicorn with CKAN."""

    name, label = "web", "CKAN"
    #: Not Solr: both load for seconds, and CKAN loads without it. The portal is up when all are.
    needs = ("ckan-setup", "valkey")
    stop_seconds = 20
    ready_seconds = 180

    def __init__(self, home: Home, host: str, port: int, url: str) -> None:
        super().__init__(home)
        self.host, self.port, self.url = host, port, url

    def address(self) -> str:
        return self.url

    def command(self) -> Command:
        conf = Path(__file__).with_name("gunicorn_conf.py")
        bind = f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
        return Command(
            [sys.executable, "-I", "-m", "gunicorn", "-c", conf, "ckanext.satudata.stack.wsgi:app"],
            env={"CKAN_INI": str(self.home.ini), "SATUDATA_BIND": bind},
        )

    def ready(self) -> bool:
        """Ask for a page that needs no database: a slow query is not a dead server."""
        local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        try:
            with socket.create_connection((local, self.port), timeout=1) as client:
                client.sendall(b"GET /api/3 HTTP/1.0\r\nHost: localhost\r\n\r\n")
                client.settimeout(5)
                return client.recv(12).startswith(b"HTTP/1.")
        except OSError:
            return False


class _Ckan(Part):
    """A long-lived ``ckan`` command; it is up when it still runs after it has loaded."""

    needs = ("ckan-setup", "valkey")
    arguments: tuple[str, ...] = ()
    #: What the command logs once it works.
    sign = b""

    def start(self) -> None:
        self._from = self.log.stat().st_size if self.log.exists() else 0
        super().start()

    def command(self) -> Command:
        return Command(ckan(self.home.ini, *self.arguments))

    def ready(self) -> bool:
        with open(self.log, "rb") as log:
            size = log.seek(0, 2)
            log.seek(self._from if size >= self._from else 0)
            return self.sign in log.read(1 << 20)


class Worker(_Ckan):
    """Background jobs. A job that runs at a stop has 20 s to end."""

    name, label = "worker", "Background worker"
    arguments = ("jobs", "worker")
    sign = b"has started on queue"


class Scheduler(_Ckan):
    """Timed tasks, polled from PostgreSQL."""

    name, label = "scheduler", "Scheduler"
    arguments = ("satudata", "scheduler")
    sign = b"Scheduler runs"
