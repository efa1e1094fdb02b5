"""A series is shown to who may see its datasets, and to nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories
from publishing import published
from rdflib import RDF, Graph, URIRef

from ckanext.satudata.domain.federation.terms import DCAT

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")
SITE = "http://test.ckan.net"


def test_a_series_is_a_page_and_a_graph_of_what_is_public(app: Any) -> None:
    office = factories.Organization()
    years = [
        published(
            owner_org=office["id"], seri=name, title=f"Penduduk {year}",
            temporal_coverage=[{"start": f"{year}-01-01", "end": f"{year}-12-31"}],
        )
        for year, name in ((2025, "Jumlah penduduk"), (2024, "jumlah Penduduk."))
    ]
    home = f"/seri/{office['id']}/jumlah-penduduk"
    page = BeautifulSoup(app.get(home).body, "html.parser")
    assert [each.text for each in page.select("tbody th a")] == ["Penduduk 2025", "Penduduk 2024"]
    graph = Graph().parse(data=app.get(f"{home}.ttl").body, format="turtle")
    ref = URIRef(f"{SITE}{home}")
    assert (ref, RDF.type, DCAT.DatasetSeries) in graph
    newest, oldest = (URIRef(f"{SITE}/dataset/{each['id']}") for each in years)
    assert graph.value(ref, DCAT.first) == oldest and graph.value(newest, DCAT.prev) == oldest
    told = app.get(home, headers={"Accept": "application/ld+json"})
    assert told.headers["Content-Type"].startswith("application/ld+json")
    # The dataset leads to it, in its page and in the catalog.
    assert home in app.get(f"/dataset/{years[0]['name']}").body
    catalog = Graph().parse(data=app.get("/catalog.ttl").body, format="turtle")
    assert (newest, DCAT.inSeries, ref) in catalog


def test_a_draft_makes_no_series(app: Any) -> None:
    office = factories.Organization()
    factories.Dataset(owner_org=office["id"], private=True, seri="Rahasia", type="dataset")
    for path in (f"/seri/{office['id']}/rahasia", f"/seri/{office['id']}/rahasia.ttl",
                 "/seri/tidak-ada/x", f"/seri/{office['id']}/%22%20OR%20*"):
        assert app.get(path).status_code == 404
