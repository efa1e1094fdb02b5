"""Rows about files: licence, address, format, size, checksum."""
from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from rdflib import Literal, URIRef

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.federation.describing import Describer, Subject, value
from ckanext.satudata.domain.federation.mapping import (
    ADMS_LISTS,
    EU_LICENCES,
    FORMATS,
    LICENCE_TITLES,
    LICENCE_TYPE_LABELS,
    LICENCE_TYPES,
    Field,
)
from ckanext.satudata.domain.federation.terms import (
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
            address = known[given].iri if given in known else str(url or "")
            node = EU_LICENCES.get(given) or iri(address)
            if node is None:
                page = on.parent.page if on and on.parent else on.page if on else self.site.url
                node = URIRef(f"{page}#license_id={segment(given)}")
            elif str(node) != address:
                self._add(node, SKOS.exactMatch, iri(address))
            self._add(node, DCT.identifier, literal(given))
            self._add(node, DCT.title, literal(LICENCE_TITLES.get(given) or title or given))
            kind = LICENCE_TYPES.get(given)
            if kind:
                meant = URIRef(f"{ADMS_LISTS}licencetype/{kind}")
                self._add(node, DCT.type, meant)
                self._listed(meant, *LICENCE_TYPE_LABELS[kind], f"{ADMS_LISTS}licencetype/1.0")
        self._add(node, RDF.type, DCT.LicenseDocument)
        return node

    def _url(self, on: Subject, row: Field, given: Any) -> None:
        access = value(on.parent.record, "access_rights") if on.parent else None
        if access not in (None, "", "terbuka"):
            self._add(on.ref, row.predicate, URIRef(on.page))
            return
        download = iri(on.record.get("download_url") or given or "")
        shown = iri(on.record.get("access_url") or "") or download
        self._add(on.ref, row.predicate, shown or URIRef(on.page))
        self._add(on.ref, row.cls, download)

    def _format(self, on: Subject, row: Field, given: Any) -> None:
        if given in (None, ""):
            return
        known = FORMATS.get(str(given).lower())
        node = known.iri if known else iri(given) or on.node(row.name)
        # First, and with a label: so old readers show "CSV" and not the IRI.
        self._add(node, RDF.type, DCT.IMT)
        self._add(node, RDF.type, row.cls)
        label = literal(known.name if known else given)
        if label is None:
            return
        self._add(node, RDFS.label, label)
        self._add(on.ref, row.predicate, node)
        if known:
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
