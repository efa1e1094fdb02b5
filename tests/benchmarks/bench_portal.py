"""Prints our portal's times as ratios to a stock CKAN with scheming and dcat, in one run.

Two installations on the same servers with the same plugins but ours, both made by
``./deploy/benchmark portal``. Rounds alternate, so that a slow minute of the machine hits
both; each ratio is that of the medians over all rounds.
"""
from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "live"))
from stock_portal import Portal

GOALS = {"package_create": 1.3, "dataset page": 1.2, "search page": 1.2}


def installations() -> tuple[str, str]:
    """Make both from what ``./deploy/benchmark`` started; return their ini files.

    The stock CKAN has our plugins less our own, and ckanext-dcat's schema and profile.
    """
    status = json.loads(os.environ["SATUDATA_TEST_STATUS"])
    ours = Path(status["test"]["inis"][0])
    stock = ours.with_name("benchmark-stock.ini")
    stock.write_text(_stock(ours))
    for ini in (ours, stock):
        portal = Portal("", str(ini), sys.executable)
        for words in ("db clean --yes", "db init", "db upgrade -p activity",
                      "db upgrade -p harvest", "search-index clear"):
            portal.ckan(*words.split())
        if ini is ours:
            portal.ckan("db", "upgrade", "-p", "satudata")
    return str(ours), str(stock)


def _stock(ours: Path) -> str:
    """Return an ini that stands on ours and takes our own part away."""
    from ckan.cli import CKANConfigLoader

    plugins = CKANConfigLoader(str(ours)).get_config()["ckan.plugins"].split()
    values = {
        "use": f"config:{ours}",
        "ckan.plugins": " ".join(
            name for name in plugins if name not in ("satudata", "scheming_organizations")),
        "sqlalchemy.url": os.environ["SATUDATA_STOCK_SQLALCHEMY_URL"],
        "solr_url": os.environ["SATUDATA_STOCK_SOLR_URL"],
        "ckan.redis.url": os.environ["SATUDATA_STOCK_REDIS_URL"],
        "scheming.dataset_schemas": "ckanext.dcat.schemas:dcat_ap_full.yaml",
        "scheming.organization_schemas": "",
        "scheming.presets": "ckanext.scheming:presets.json ckanext.dcat.schemas:presets.yaml",
        "ckanext.dcat.rdf.profiles": "euro_dcat_ap_3",
    }
    return "[app:main]\n" + "\n".join(f"{key} = {value}" for key, value in values.items()) + "\n"


def one_round(ini: str, kind: str, datasets: int, pages: int) -> dict[str, list[float]]:
    """Run the worker in a process of its own and return its times."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("worker.py")), ini, kind,
         str(datasets), str(pages)],
        capture_output=True, text=True,
    )
    for line in done.stdout.splitlines():
        if line.startswith("RESULT "):
            return json.loads(line.removeprefix("RESULT "))
    raise SystemExit(f"{kind} failed:\n{done.stderr[-2000:]}")


def main() -> int:
    """Measure and print; the exit code says whether every goal is met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ours", help="ini file of our portal")
    parser.add_argument("--stock", help="ini file of the stock CKAN")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--datasets", type=int, default=20)
    parser.add_argument("--pages", type=int, default=15)
    args = parser.parse_args()

    if not (args.ours and args.stock):
        args.ours, args.stock = installations()

    times: dict[str, dict[str, list[float]]] = {"ours": {}, "stock": {}}
    for _ in range(args.rounds):
        for kind in times:
            measured = one_round(getattr(args, kind), kind, args.datasets, args.pages)
            for key, values in measured.items():
                times[kind].setdefault(key, []).extend(values)

    met = True
    print(f"{'':16}{'ours ms':>10}{'stock ms':>10}{'ratio':>8}{'goal':>8}")
    for key, goal in GOALS.items():
        ours, stock = (statistics.median(times[kind][key]) for kind in ("ours", "stock"))
        met = met and ours / stock <= goal
        print(f"{key:16}{ours:10.1f}{stock:10.1f}{ours / stock:8.2f}{goal:8.1f}")
    return 0 if met else 1


if __name__ == "__main__":
    raise SystemExit(main())
