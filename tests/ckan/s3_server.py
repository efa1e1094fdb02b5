"""A server that speaks S3, in a process of its own, and the portal's files in it."""
from __future__ import annotations

import contextlib
import http.server
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from typing import Any

from ckan.lib import files
from ckan.plugins import toolkit as tk
from file_keeper import make_storage

__all__ = ["Server", "files_in", "full_bucket", "settings"]

KEYS = {"key": "kunci", "secret": "rahasia", "region": "us-east-1"}


class Server:
    """moto's server; ``stop`` ends exactly the process that was started."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 60
        while time.monotonic() < end and self.process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(
                    ("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.05)
        self.stop()
        raise RuntimeError("moto's server did not start")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


def settings(server: Any, **more: Any) -> dict[str, Any]:
    """Return what an ini would say of a new bucket."""
    return {"type": "satudata:s3", "bucket": f"b-{uuid.uuid4().hex[:12]}", "addressing": "path",
            "endpoint": server.endpoint, "initialize": True, "overwrite_existing": True,
            **KEYS, **more}


@contextlib.contextmanager
def files_in(storage: Any) -> Iterator[Any]:
    """Let the portal keep files of resources in a storage for a while."""
    name = tk.config["ckan.files.default_storages.resource"]
    before = files.storages[name]
    files.storages.register(name, storage)
    try:
        yield storage
    finally:
        files.storages.register(name, before)


class _Full(http.server.BaseHTTPRequestHandler):
    """A bucket whose quota is used up, as MinIO and Ceph answer."""

    answers = {"PUT": (507, "XMinioStorageFull"), "POST": (403, "QuotaExceeded"),
               "HEAD": (404, ""), "DELETE": (204, "")}

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, code = self.answers[self.command]
        body = f"<Error><Code>{code}</Code></Error>".encode() if code else b""
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_PUT = do_POST = do_HEAD = do_DELETE = answer

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextlib.contextmanager
def full_bucket() -> Iterator[Any]:
    """Give a storage in such a bucket."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Full)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        class Where:
            endpoint = f"http://127.0.0.1:{server.server_port}"

        yield make_storage("penuh", settings(Where, initialize=False))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
