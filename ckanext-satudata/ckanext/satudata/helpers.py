"""Template helpers, re-exported from the rooms; all are named ``satudata_*``."""
from __future__ import annotations

from ckanext.satudata.pages.helpers import (
    satudata_brand,
    satudata_brand_css,
    satudata_date,
    satudata_day_month,
    satudata_facet_label,
    satudata_is_sample,
    satudata_label,
    satudata_languages,
    satudata_number,
    satudata_period,
    satudata_size,
)
from ckanext.satudata.vocabulary.helpers import (
    satudata_choices,
    satudata_concept_label,
    satudata_concept_uri,
    satudata_vocabulary_choices,
)

__all__: list[str] = [
    "satudata_brand",
    "satudata_brand_css",
    "satudata_choices",
    "satudata_concept_label",
    "satudata_concept_uri",
    "satudata_date",
    "satudata_day_month",
    "satudata_facet_label",
    "satudata_is_sample",
    "satudata_label",
    "satudata_languages",
    "satudata_number",
    "satudata_period",
    "satudata_size",
    "satudata_vocabulary_choices",
]
