"""Which facets the search pages offer, in the order people narrow down."""
from __future__ import annotations

from collections import OrderedDict

import ckan.plugins.toolkit as tk

__all__ = ["SatuDataFacets"]


class SatuDataFacets:
    """IFacets: facets of our dataset types; those of other types stay as they are.

    The field names are those of ``schemas/`` as the metadata room indexes them.
    """

    def dataset_facets(
        self, facets_dict: OrderedDict[str, str], package_type: str
    ) -> OrderedDict[str, str]:
        if package_type == "dataset":
            return _dataset_facets()
        if package_type in {"kegiatan", "indikator"}:
            return OrderedDict(
                [("organization", tk._("Perangkat daerah")), ("tags", tk._("Kata kunci"))]
            )
        return facets_dict

    def group_facets(
        self, facets_dict: OrderedDict[str, str], group_type: str, package_type: str | None
    ) -> OrderedDict[str, str]:
        return _dataset_facets()

    def organization_facets(
        self, facets_dict: OrderedDict[str, str], organization_type: str, package_type: str | None
    ) -> OrderedDict[str, str]:
        facets = _dataset_facets()
        del facets["organization"]
        return facets


def _dataset_facets() -> OrderedDict[str, str]:
    return OrderedDict(
        [
            ("vocab_urusan", tk._("Urusan")),
            ("organization", tk._("Perangkat daerah")),
            ("tingkat_penyajian", tk._("Tingkat penyajian")),
            ("frequency", tk._("Frekuensi")),
            ("access_rights", tk._("Akses")),
            ("res_format", tk._("Format")),
            ("tags", tk._("Kata kunci")),
        ]
    )
