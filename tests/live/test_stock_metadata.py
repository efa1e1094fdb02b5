"""A stock CKAN harvests kegiatan and indikator from the view that is a source of its own."""
from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import requests

sys.path.insert(0, str(Path(__file__).parent))
from stock_portal import StockPortal


def test_a_stock_ckan_takes_kegiatan_and_indikator(portal: Any, stock: StockPortal) -> None:
    """Every field of their forms arrives, and the next run finds nothing to write."""
    address = f"{portal.url}/nasional-metadata"
    sent = requests.get(f"{address}/api/3/action/package_search?rows=100", timeout=60).json()
    told = {each["id"]: each for each in sent["result"]["results"] if each["state"] == "active"}
    assert {each["type"] for each in told.values()} == {"kegiatan", "indikator"}
    source = stock.source("sumber-metadata", address, "ckan")
    job = stock.harvest(source)
    assert job["stats"].get("errored", 0) == 0, job["report"]
    taken = {each["id"]: each for each in stock.datasets_of("sumber-metadata")}
    assert taken.keys() == told.keys()
    for identifier, each in taken.items():
        assert each["type"] == told[identifier]["type"]
        kept = {extra["key"]: extra["value"] for extra in each["extras"]}
        for extra in told[identifier]["extras"]:
            assert kept[extra["key"]] == extra["value"]
    stock.ckan("search-index", "rebuild", source)
    again = stock.harvest(source)
    assert not any(again["stats"].get(name, 0) for name in ("added", "updated", "errored"))
