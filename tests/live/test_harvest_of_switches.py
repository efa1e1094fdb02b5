"""A stock CKAN harvests a dataset again and again while its versions are switched."""
from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from marks import marks

sys.path.insert(0, str(Path(__file__).parent))
from stock_portal import StockPortal
from switching import Series, series

#: Kind of harvester, the path it reads, and how it is told to take this agency's data only.
KINDS = {"dcat_rdf": ("/catalog.ttl?fq=organization:{agency}", {}),
         "ckan": ("", {"organizations_filter_include": ["{agency}"]})}
ROUNDS = 3


@pytest.fixture(scope="module")
def run(portal: Any, api_token: str) -> Iterator[Series]:
    with series(portal, api_token) as made:
        yield made


@pytest.mark.parametrize("kind", KINDS)
def test_what_arrives_is_one_version_each_time(
    run: Series, stock: StockPortal, kind: str
) -> None:
    agency = run.call("package_show", id=run.package)["organization"]["name"]
    path, settings = KINDS[kind]
    name = f"berganti-{kind.replace('_', '-')}"
    source = stock.source(name, run.url + path.format(agency=agency), kind,
                          json.dumps(settings).replace("{agency}", agency))
    done, failed = threading.Event(), list[BaseException]()

    def switch() -> None:
        try:
            while not done.is_set():
                run.write()
                run.publish()
                run.number += 1
        except BaseException as error:
            failed.append(error)

    publishing = threading.Thread(target=switch)
    publishing.start()
    arrived = []
    try:
        for _ in range(ROUNDS):
            job = stock.harvest(source)
            assert job["stats"].get("errored", 0) == 0, job["report"]
            [copy] = stock.datasets_of(name)
            del copy["name"]  # the reader's own: made of the first title, and kept
            arrived.append(set(marks(json.dumps(copy).encode())))
            # Stock ckanext-harvest 1.6.3 leaves its source in the index without source_type.
            stock.ckan("search-index", "rebuild", source)
            # A busy machine publishes more slowly than a reader reads one dataset.
            published, end = run.number, time.monotonic() + 60
            while run.number == published and not failed:
                assert time.monotonic() < end, "nothing is published meanwhile"
                time.sleep(0.1)
    finally:
        done.set()
        publishing.join(120)
    assert not failed, failed
    assert [len(each) for each in arrived] == [1] * ROUNDS, arrived
    assert arrived[0] != arrived[-1], "nothing was switched meanwhile"
