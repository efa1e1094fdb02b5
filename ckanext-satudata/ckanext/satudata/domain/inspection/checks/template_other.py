"""A filled template of another dataset."""
from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.table import TidyTable

__all__ = ["TemplateOther"]


class TemplateOther(Check):
    """Whoever fills several templates sends one to the wrong place: its figures are of another."""

    code = "template-other"
    principle = Principle.STANDAR_DATA
    severity = Severity.WAJIB
    title = N_("Templat dataset lain")
    template = N_("Berkas ini diisi di templat untuk “{title}”, bukan untuk dataset ini.")
    how = N_("Kirim berkas ini ke dataset “{title}”, atau unduh templat dataset ini dan isi lagi.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        mark = table.template
        if mark is not None and facts.dataset and mark.dataset != facts.dataset:
            yield Hits(self, None, np.zeros(0, dtype=np.int64), {"title": mark.title or "?"})
