"""Measure filling a datastore table: our COPY against ``datastore_create`` in chunks.

    ./deploy/benchmark load, or python tests/benchmarks/bench_load.py INI [ROWS]

Same rows, alternating rounds in one run, dataset purged afterwards. Prints rows
per second of each and the ratio.
"""
from __future__ import annotations

import csv
import json
import logging
import os
import statistics
import sys
import tempfile
import time
import uuid
from pathlib import Path

from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app

COLUMNS = 13
CHUNK = 5_000
ROUNDS = 3


def main(ini: str, count: int) -> None:
    app = make_app(CKANConfigLoader(ini).get_config())
    logging.disable(logging.WARNING)
    with app._wsgi_app.test_request_context():
        _measure(count)


def _measure(count: int) -> None:
    import ckan.plugins.toolkit as tk

    from ckanext.satudata.shared.filling import Content, Filling

    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]

    def act(action: str, **data: object) -> dict[str, str]:
        return tk.get_action(action)({"user": user}, data)

    fields = [{"id": f"kolom_{n}", "type": "integer" if n % 3 == 0 else "string"}
              for n in range(COLUMNS)]
    rows = [[str(r * n) if n % 3 == 0 else f"36.04.{r % 30:02d} desa {r % 300}"
             for n in range(COLUMNS)] for r in range(count)]
    types = {"integer": "bigint", "string": "text"}
    organization = act("organization_create", name=f"ukur-{uuid.uuid4().hex[:8]}")
    dataset = act("package_create", name=f"ukur-{uuid.uuid4().hex[:8]}", title="Ukur",
                  owner_org=organization["id"])
    seconds: dict[str, list[float]] = {"copy": [], "create": []}
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "rows.csv"
            with path.open("w", newline="", encoding="utf-8") as stream:
                csv.writer(stream, lineterminator="\n").writerows(rows)
            records = [dict(zip((f["id"] for f in fields), row, strict=True)) for row in rows]
            for _ in range(ROUNDS):
                one, two = (act("resource_create", package_id=dataset["id"], name="Ukur",
                                url="http://contoh.example/")["id"] for _ in range(2))
                start = time.perf_counter()
                with Filling() as filling:
                    filling.fill({"user": user}, one, fields, path, Content("0" * 64, count))
                    filling.commit()
                seconds["copy"].append(time.perf_counter() - start)
                start = time.perf_counter()
                for first in range(0, count, CHUNK):
                    act("datastore_create", resource_id=two, force=True,
                        fields=[{"id": f["id"], "type": types[f["type"]]} for f in fields],
                        records=records[first:first + CHUNK], calculate_record_count=False)
                seconds["create"].append(time.perf_counter() - start)
                for resource_id in (one, two):
                    act("datastore_delete", resource_id=resource_id, force=True)
    finally:
        act("dataset_purge", id=dataset["id"])
        act("organization_purge", id=organization["id"])
    ours, stock = (statistics.median(seconds[name]) for name in ("copy", "create"))
    print(f"COPY {count / ours:10,.0f} rows/s   datastore_create {count / stock:10,.0f} rows/s   "
          f"ratio {stock / ours:.1f}")


if __name__ == "__main__":
    started = json.loads(os.environ.get("SATUDATA_TEST_STATUS", "{}"))
    ini = sys.argv[1] if len(sys.argv) > 1 else started["test"]["inis"][0]
    main(ini, int(sys.argv[2]) if len(sys.argv) > 2 else 50_000)
