"""How many public datasets use a code, and where they are listed."""
from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import ckan.lib.search as search
import ckan.plugins.toolkit as tk

__all__ = ["FIELDS", "Usage", "used_by"]

#: Vocabulary -> field of the search index (of datasets) that holds its codes. The others are
#: used in files, organizations, kegiatan or the workflow, which no search of datasets counts.
FIELDS: Mapping[str, str] = {
    "akses": "access_rights", "aplikasi_asal": "vocab_aplikasi_asal", "bahasa": "vocab_language",
    "cara_pengumpulan_data": "cara_pengumpulan_data", "frekuensi": "frequency",
    "jenis_data": "jenis_data", "jenis_statistik": "jenis_statistik",
    "kategori_kip": "kategori_kip", "kegunaan": "vocab_kegunaan",
    "kriteria_prioritas": "kriteria_prioritas", "lisensi": "license_id",
    "publisher_type": "publisher_type", "satuan": "satuan", "sifat_angka": "sifat_angka",
    "tingkat_penyajian": "tingkat_penyajian", "urusan": "vocab_urusan",
    "wilayah": "vocab_kode_wilayah",
}


class Usage(NamedTuple):
    """Datasets that whoever asks may see, and the page that lists them."""

    count: int
    url: str


def used_by(name: str, code: str) -> Usage | None:
    """Return who uses a code, nothing where it is not counted or the search does not run.

    An area is used by the data of every area in it as well.
    """
    field = FIELDS.get(name)
    if field is None:
        return None
    quoted = code.replace("\\", "\\\\").replace('"', '\\"')
    try:
        found = tk.get_action("package_search")(
            {}, {"fq": f'+dataset_type:dataset +{field}:"{quoted}"', "rows": 0, "facet": False})
    except (search.SearchError, search.SolrConnectionError):
        return None
    return Usage(found["count"], tk.h.url_for("dataset.search", **{field: code}))
