"""Solr in a JVM from a wheel, on a port of the loopback address."""
from __future__ import annotations

import importlib.util
import os
import re
import sys
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from ckanext.satudata.stack import jars
from ckanext.satudata.stack.errors import StackError
from ckanext.satudata.stack.home import Home
from ckanext.satudata.stack.part import Part, Task
from ckanext.satudata.stack.process import Command

__all__ = ["Jars", "Solr", "answers"]

STEP = "Solr"


class Jars(Task):
    """Fetches Solr's jars the first time and checks them every time."""

    name, label = "solr-jars", "Solr's jars"
    todo = "Check the network and start again; what has arrived is kept."

    def command(self) -> Command:
        return Command([sys.executable, "-I", "-m", "ckanext.satudata.stack.jars"])


class Solr(Part):
    """The server with one core a name; each core has CKAN's own schema."""

    name, label = "solr", "Solr"
    needs = ("solr-jars",)
    stop_seconds = 30
    ready_seconds = 120
    todo = "See ./deploy/portal logs solr. Little memory? Try SATUDATA_SOLR_MEMORY=256m."

    def __init__(self, home: Home, port: int, cores: Sequence[str]) -> None:
        super().__init__(home)
        self.port, self.cores = port, cores
        self.data = home.path / "solr"
        self.memory = os.environ.get("SATUDATA_SOLR_MEMORY", "512m")
        if not re.fullmatch(r"[1-9]\d{0,5}[mMgG]", self.memory):
            raise StackError(
                STEP, f"SATUDATA_SOLR_MEMORY is '{self.memory}'.", "Write for example 512m or 2g.")

    def url(self, core: str) -> str:
        return f"http://127.0.0.1:{self.port}/solr/{core}"

    def address(self) -> str:
        return self.url(self.cores[0])

    def is_new(self) -> bool:
        """Say whether the portal's core has no index yet (it must be filled from the database)."""
        return not (self.data / self.cores[0] / "data" / "index").exists()

    def prepare(self) -> None:
        """Write what CKAN's installed version asks for; the index itself is left alone."""
        self.home.private_dir(self.data)
        (self.data / "solr.xml").write_text("<solr></solr>\n")
        schema = (_ckan_folder() / "config" / "solr" / "schema.xml").read_text(encoding="utf-8")
        for core in self.cores:
            conf = self.data / core / "conf"
            conf.mkdir(parents=True, exist_ok=True)
            (conf.parent / "core.properties").write_text(f"name={core}\n")
            (conf / "schema.xml").write_text(schema, encoding="utf-8")
            (conf / "solrconfig.xml").write_text(
                Path(__file__).with_name("solrconfig.xml").read_text(encoding="utf-8"))
            for name in ("stopwords", "synonyms", "protwords"):
                (conf / f"{name}.txt").touch()
        # A killed Solr leaves its lock file; the lock itself went with the process.
        for lock in self.data.glob("*/data/index/write.lock"):
            lock.unlink()

    def command(self) -> Command:
        return Command([
            sys.executable, "-I", "-m", "ckanext.satudata.stack.solr_server",
            self.data, str(self.port),
            "--jars", jars.cache_dir(), "--logs", self.home.logs, "--memory", self.memory,
        ], cwd=self.data)

    def ready(self) -> bool:
        return all(answers(self.url(core)) for core in self.cores)


def answers(url: str) -> bool:
    """Say whether a core answers a query; a proxy of the environment is passed by."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{url.rstrip('/')}/select?q=*:*&rows=0&wt=json", timeout=2) as answer:
            return answer.status == 200
    except (OSError, ValueError):
        return False


def _ckan_folder() -> Path:
    spec = importlib.util.find_spec("ckan")
    if spec is None or not spec.origin:
        raise StackError(STEP, "CKAN is not installed.", "Run ./deploy/portal, it installs it.")
    return Path(spec.origin).parent
