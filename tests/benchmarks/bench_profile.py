"""Prints the time to make one dataset a graph: ``sdi_dcat_ap`` / ``euro_dcat_ap_3``.

"feed" is the graph as the feed makes it, with all that is asked of the database beside the dataset;
the goal is 3 ms.

``bench_profile.py --ini INI [--rounds 9]``: the same dicts through both profiles in
one process, rounds alternating, medians. The stock profile writes fewer triples (it
knows none of our fields), so the ratio is given per dataset and per triple.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
import warnings
from collections.abc import Sequence
from typing import Any

PROFILES = {"feed": "", "ours": "sdi_dcat_ap", "stock": "euro_dcat_ap_3"}


def measure(records: Sequence[dict[str, Any]], profile: str) -> tuple[float, int]:
    """Return seconds and triples of one pass over the datasets, each a graph of its own."""
    from ckanext.dcat.processors import RDFSerializer

    from ckanext.satudata.federation.feed import building

    made = 0
    started = time.perf_counter()
    for record in records:
        serializer = RDFSerializer(profiles=[profile]) if profile else building.serializer()
        serializer.graph_from_dataset(dict(record))
        made += len(serializer.g)
    return time.perf_counter() - started, made


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    started = json.loads(os.environ.get("SATUDATA_TEST_STATUS", "{}"))
    parser.add_argument("--ini", default=started.get("ini"), required=not started,
                        help="ini file of a portal with datasets in it")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--datasets", type=int, default=40)
    args = parser.parse_args()
    warnings.simplefilter("ignore")

    from ckan.cli import load_config
    from ckan.config.middleware import make_app
    from ckan.plugins import toolkit as tk

    app = make_app(load_config(args.ini))._wsgi_app
    with app.test_request_context():
        records = tk.get_action("package_search")(
            {"ignore_auth": True}, {"fq": "dataset_type:dataset", "rows": args.datasets}
        )["results"]
        if not records:
            raise SystemExit("No dataset in this portal; load the demo region first.")
        times: dict[str, list[float]] = {name: [] for name in PROFILES}
        triples: dict[str, int] = {}
        for _ in range(args.rounds):
            for name, profile in PROFILES.items():
                seconds, triples[name] = measure(records, profile)
                times[name].append(seconds)
    each = {name: statistics.median(found) * 1000 / len(records) for name, found in times.items()}
    per_triple = {name: each[name] * len(records) / triples[name] for name in PROFILES}
    rows = {
        "ms a dataset": each,
        "triples a dataset": {name: triples[name] / len(records) for name in PROFILES},
        "microseconds a triple": {name: per_triple[name] * 1000 for name in PROFILES},
    }
    print(f"{'':22}{'feed':>10}{'ours':>10}{'stock':>10}{'feed/stock':>12}")
    for label, found in rows.items():
        feed, ours, stock = found["feed"], found["ours"], found["stock"]
        print(f"{label:22}{feed:10.2f}{ours:10.2f}{stock:10.2f}{feed / stock:12.2f}")


if __name__ == "__main__":
    main()
