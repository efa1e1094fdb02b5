"""Rows about files: licence, address, format, size, checksum."""
from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from rdflib import Literal, URIRef

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.access import level_of
from ckanext.satudata.domain.federation.describing import Describer, Subject, value
from ckanext.satudata.domain.federation.lists import (
    ADMS_LISTS,
    EU_LICENCES,
    FORMATS,
    LICENCE_TITLES,
    LICENCE_TYPE_LABELS,
    LICENCE_TYPES,
)
from ckanext.satudata.domain.federation.mapping import Field
from ckanext.satudata.domain.federation.terms import (
    DCAT,
    DCT,
    EU,
    IANA,
    RDF,
    RDFS,
    SKOS,
    SPDX,
    XSD,
    clean_text,
    iri,
    literal,
    segment,
)

__all__ = ["FileRows"]

#: Media type of a compression by the end of a file name.
_PACKED = {"gz": "application/gzip", "zip": "application/zip"}
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){4,64}")


class FileRows(Describer):
    """Writes what is known of a file."""

    def _licence(self, on: Subject, row: Field, given: Any) -> None:
        record = on.record
        if not given and on.parent is not None:
            record, given = on.parent.record, value(on.parent.record, "license_id")
        if given:
            self._add(on.ref, row.predicate, self.licence(
                str(given), record.get("license_url"), record.get("license_title"), on))

    def licence(
        self, given: str, url: Any = "", title: Any = "", on: Subject | None = None
    ) -> URIRef:
        """Describe a licence, given by its code or address, and return its IRI."""
        known = vocabulary.get("lisensi")
        node = iri(given)
        if node is None:
            # "cc-by" of CKAN names no version; on this portal it is 4.0, elsewhere who knows.
            meant = known.match(given) if on is None or self._is_ours(on) else None
            code = meant.code if meant else given
            address = known[code].iri if code in known else str(url or "")
            node = EU_LICENCES.get(code) or iri(address)
            if node is None:
                page = on.parent.page if on and on.parent else on.page if on else self.site.url
                node = URIRef(f"{page}#license_id={segment(given)}")
            elif str(node) != address:
                self._add(node, SKOS.exactMatch, iri(address))
            self._add(node, DCT.identifier, literal(given))
            self._add(node, DCT.title, literal(LICENCE_TITLES.get(code) or title or given))
            kind = LICENCE_TYPES.get(code)
            if kind:
                asked = URIRef(f"{ADMS_LISTS}licencetype/{kind}")
                self._add(node, DCT.type, asked)
                self._listed(asked, *LICENCE_TYPE_LABELS[kind], f"{ADMS_LISTS}licencetype/1.0")
        self._add(node, RDF.type, DCT.LicenseDocument)
        return node

    def _url(self, on: Subject, row: Field, given: Any) -> None:
        if self._is_restricted(on.parent):
            self._add(on.ref, row.predicate, URIRef(on.page))
            if given and self._is_ours(on):
                # Made of the two ids alone: what a stored address names is told nobody.
                self._add(on.ref, row.cls, URIRef(f"{on.page}/download"))
            return
        download = iri(on.record.get("download_url") or given or "")
        shown = iri(on.record.get("access_url") or "") or download
        self._add(on.ref, row.predicate, shown or URIRef(on.page))
        self._add(on.ref, row.cls, download)

    def _format(self, on: Subject, row: Field, given: Any) -> None:
        if given in (None, ""):
            return
        known = FORMATS.get(str(given).lower())
        node = (known.iri if known else iri(given)) or on.node(row.name)
        # First, and with a label: so old readers show "CSV" and not the IRI.
        self._add(node, RDF.type, DCT.IMT)
        self._add(node, RDF.type, row.cls)
        label = literal(known.name if known else given)
        if label is None:
            return
        self._add(node, RDFS.label, label)
        self._add(on.ref, row.predicate, node)
        if known and known.eu:
            self._add(node, SKOS.inScheme, EU["file-type"])

    def _media_type(self, on: Subject, row: Field, given: Any) -> None:
        if not given:
            known = FORMATS.get(str(on.record.get("format") or "").lower())
            given = known.media_type if known else ""
        text = clean_text(given or "").strip()
        name = text.removeprefix("http://").removeprefix("https://").removeprefix(
            "www.iana.org/assignments/media-types/").strip("/")
        if re.fullmatch(r"[A-Za-z0-9][\w.+\-]{0,126}/[A-Za-z0-9][\w.+\-]{0,126}", name, re.ASCII):
            node = IANA[name]
            self._add(on.ref, row.predicate, node)
            self._add(node, RDF.type, row.cls)
            self._add(node, RDFS.label, Literal(name))

    def _packing(self, on: Subject, row: Field, given: Any) -> None:
        """Say how a file is compressed: its name says .gz, its format says CSV."""
        if given or not on.record.get("format"):
            return  # as another portal sent it
        path = urlsplit(str(on.record.get("url") or "")).path.lower()
        packed = _PACKED.get(path.rpartition(".")[2])
        if packed is not None and str(on.record["format"]).lower() not in ("zip", "gz", "gzip"):
            node = IANA[packed]
            self._add(on.ref, row.predicate, node)
            self._add(node, RDF.type, row.cls)

    def _service(self, on: Subject, row: Field, given: Any) -> None:
        if given is not True or on.parent is None or self._is_restricted(on.parent):
            return
        node = self.service()
        self._add(on.ref, row.predicate, node)
        self._add(node, DCAT.servesDataset, on.parent.ref)

    def service(self) -> URIRef:
        """Describe the interface to the rows of all tables and return its IRI."""
        node = URIRef(f"{self.site.url}/#api-data")
        self._add(node, RDF.type, DCAT.DataService)
        self._add(node, DCT.title, Literal(f"API data {self.site.government}", lang="id"))
        self._add(node, DCAT.endpointURL, URIRef(f"{self.site.url}/api/3/action/datastore_search"))
        return node

    def _is_restricted(self, dataset: Subject | None) -> bool:
        """Tell whether not everybody opens the files of a dataset."""
        return level_of(value(dataset.record, "access_rights") if dataset else None).restricted

    def _size(self, on: Subject, row: Field, given: Any) -> None:
        try:
            number = Decimal(str(given))
        except InvalidOperation:
            return
        # Looked at before it is written out: 1e400000 would take seconds.
        if number.is_finite() and number.adjusted() < 18 and (size := int(number)) >= 0:
            self._add(on.ref, row.predicate, Literal(str(size), datatype=XSD.nonNegativeInteger))

    def _checksum(self, on: Subject, row: Field, given: Any) -> None:
        algorithm = str(on.record.get("hash_algorithm") or "sha256")
        if on.record.get("sha256") and not (given and on.record.get("hash_algorithm")):
            given, algorithm = on.record["sha256"], "sha256"
        name, _, digest = str(given or "").rpartition(":")
        if not _HEX.fullmatch(digest):
            return
        node = on.node("checksum")
        method = iri(algorithm) or SPDX[
            "checksumAlgorithm_" + re.sub(r"\W", "", (name or algorithm).lower())]
        self._add(on.ref, row.predicate, node)
        self._add(node, RDF.type, SPDX.Checksum)
        self._add(node, SPDX.algorithm, method)
        self._add(method, RDF.type, SPDX.ChecksumAlgorithm)
        self._add(node, SPDX.checksumValue, Literal(digest, datatype=XSD.hexBinary))
