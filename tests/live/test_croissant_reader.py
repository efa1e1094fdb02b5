"""What MLCommons' own library reads of our tables: every dataset is valid, every row arrives.

Runs only when it is named (``./deploy/test tests/live/test_croissant_reader.py``): it is installed
from PyPI into an environment of its own (``croissant.txt``), kept in the cache for the next run.
"""
from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
#: Prints a line of JSON for each address it is given.
READER = """
import json, sys, urllib.request, warnings
warnings.simplefilter("ignore")
import mlcroissant
for address in sys.argv[1:]:
    with urllib.request.urlopen(address) as answer:
        dataset = mlcroissant.Dataset(jsonld=json.load(answer))
    issues = dataset.metadata.ctx.issues
    print(json.dumps({
        "address": address, "errors": sorted(issues.errors), "warnings": sorted(issues.warnings),
        "rows": {each.id: sum(1 for _ in dataset.records(each.id))
                 for each in dataset.metadata.record_sets}}))
"""


@pytest.fixture(scope="module")
def python() -> Path:
    """The Python of an environment in which the library is; made when it is missing."""
    wanted = (HERE / "croissant.txt").read_bytes()
    mark = hashlib.sha256(wanted + sys.version.encode()).hexdigest()[:12]
    cache = Path(os.environ.get("SATUDATA_CACHE") or Path.home() / ".cache" / "satudata")
    folder = cache / f"croissant-{mark}"
    python = folder / "bin" / "python"
    if not (folder / "whole").exists():
        for command in ([sys.executable, "-m", "venv", "--clear", folder],
                        [python, "-m", "pip", "install", "-q", "-r", HERE / "croissant.txt"]):
            done = subprocess.run(command, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr[-3000:]
        (folder / "whole").touch()
    return python


def test_the_library_takes_every_dataset_and_reads_every_row(python: Path, portal: Any) -> None:
    said = json.loads(portal.get("/api/3/action/package_search?rows=1000&fq=dataset_type:dataset"))
    found = {f"{portal.url}/dataset/{each['name']}/croissant.json": each
             for each in said["result"]["results"]}
    done = subprocess.run(
        [python, "-I", "-c", READER, *found], capture_output=True, text=True, timeout=300,
        env={**os.environ, "NO_PROXY": "*"})
    assert done.returncode == 0, done.stderr[-3000:]
    read = [json.loads(each) for each in done.stdout.splitlines() if each.startswith("{")]
    assert [each["address"] for each in read] == list(found)
    assert [each for each in read if each["errors"] or each["warnings"]] == []
    for each in read:
        tables = [file for file in found[each["address"]]["resources"]
                  if file["format"] == "CSV" and file.get("sha256") and file.get("skema")]
        assert len(each["rows"]) == len(tables)
        for file, rows in zip(tables, each["rows"].values(), strict=True):
            table = json.loads(portal.get(
                f"/api/3/action/datastore_search?limit=0&resource_id={file['id']}"))
            assert rows == table["result"]["total"] > 0
