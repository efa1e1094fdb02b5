"""``/opensearch.xml``: how browsers and programs search this portal (OpenSearch 1.1)."""
from __future__ import annotations

from xml.etree import ElementTree

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from ckanext.satudata import config

__all__ = ["blueprint"]

_NAMESPACE = "http://a9.com/-/spec/opensearch/1.1/"
#: The longest texts the specification allows.
_SHORT, _LONG, _DESCRIPTION = 16, 48, 1024

blueprint = Blueprint("satudata_opensearch", __name__)


@blueprint.route("/opensearch.xml")
def description() -> Response:
    """Describe the search of data: as a page, as CKAN's Atom feed and as its API."""
    title = str(tk.config.get("ckan.site_title") or "Satu Data")
    government = config.nama_pemerintah()
    ElementTree.register_namespace("", _NAMESPACE)
    root = ElementTree.Element(f"{{{_NAMESPACE}}}OpenSearchDescription")

    def add(name: str, text: str = "", **attributes: str) -> None:
        ElementTree.SubElement(root, f"{{{_NAMESPACE}}}{name}", attributes).text = text or None

    add("ShortName", title[:_SHORT].strip())
    add("LongName", f"{title} {government}"[:_LONG].strip())
    add("Description", tk._("Cari data {pemerintah}").format(pemerintah=government)[:_DESCRIPTION])
    if config.walidata_surel():
        add("Contact", config.walidata_surel())
    # The terms alone: what may be left out comes empty, and CKAN takes no empty number of a page.
    add("Url", type="text/html", rel="results", template=(
        f"{_address('/dataset/')}?q={{searchTerms}}"))
    add("Url", type="application/atom+xml", rel="results", template=(
        f"{_address('/feeds/custom.atom')}?q={{searchTerms}}"))
    add("Url", type="application/json", rel="results", template=(
        f"{config.alamat()}/api/3/action/package_search?q={{searchTerms}}"))
    add("Url", type="application/opensearchdescription+xml", rel="self",
        template=_address("/opensearch.xml"))
    add("Image", tk.h.url_for_static("/satudata/tanda.svg", qualified=True),
        type="image/svg+xml")
    add("Language", str(tk.h.lang() or "id"))
    add("InputEncoding", "UTF-8")
    add("OutputEncoding", "UTF-8")
    return Response(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True),
                    content_type="application/opensearchdescription+xml; charset=utf-8")


def _address(path: str) -> str:
    return tk.h.url_for(path, _external=True)
