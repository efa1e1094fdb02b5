"""What MLCommons' own library reads of our tables: every dataset is valid, every row arrives.

Runs only when it is named (``./deploy/test tests/live/test_croissant_reader.py``): it is installed
from PyPI into an environment of its own (``croissant.txt``), kept in the cache for the next run.
"""
from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from readers_python import python_with

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
    """The Python of an environment in which the library is."""
    return python_with("croissant")


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
