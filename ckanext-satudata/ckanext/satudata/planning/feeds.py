"""The plan for other programs: iCalendar, Atom and CSV.

Calendar and Atom are written by libraries (icalendar; CKAN's own feed over feedgen).
"""
from __future__ import annotations

import csv
import datetime as dt
import io
import unicodedata
from collections.abc import Iterable, Sequence

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _
from ckan.views.feed import CKANFeed

from ckanext.satudata import config
from ckanext.satudata.domain import vocabulary, workdays
from ckanext.satudata.domain.errors import SatuDataError
from ckanext.satudata.domain.planning import ical
from ckanext.satudata.domain.planning.priority import Priority
from ckanext.satudata.domain.planning.releases import Release, Standing
from ckanext.satudata.domain.versions.table_values import harmless
from ckanext.satudata.planning import present

__all__ = ["atom", "calendar", "table"]


def calendar(releases: Iterable[Release], page: str, cut: bool = False) -> bytes:
    """Return the schedule as iCalendar.

    :param page: address of the page that shows the same
    :param cut: there are more than one calendar takes
    """
    government = config.nama_pemerintah()
    about = ical.About(
        name=_("Jadwal rilis data {pemerintah}").format(pemerintah=government),
        description=" ".join([
            _("Kapan data {pemerintah} terbit, menurut tanggal yang dijanjikan.").format(
                pemerintah=government),
            *([_("Tidak semuanya: berlangganan per perangkat daerah dengan saringan.")]
              if cut else [])]),
        address=page, host=ical.host_of(config.alamat()), language=_lang(),
        zone=_zone())
    return ical.calendar(about, map(_entry, releases))


def _entry(release: Release) -> ical.Entry:
    of, late = release.dataset, release.standing is Standing.LATE
    period = _("Periode {start} sampai {end}.").format(
        start=release.period.start, end=release.period.end) if release.period else ""
    categories = (of.organization_title, *(_label("urusan", code) for code in of.affairs),
                  *([_("Data Prioritas")] if of.priority_years else []))
    return ical.Entry(
        uid=release.uid, day=release.day, late=late, address=present.address(of),
        summary=_("Terlambat: {judul}").format(judul=of.title) if late else of.title,
        description="\n".join(each for each in (
            of.organization_title, period,
            _("Frekuensi: {frekuensi}.").format(
                frekuensi=_label("frekuensi", of.frequency)) if of.frequency else "",
            f"{_('Status')}: {present.standing_label(release.standing)}.") if each),
        categories=categories, modified=of.modified)


def atom(
    found: Sequence[Priority], today: dt.date, *, page: str, here: str, first: str, last: str,
    before: str | None, after: str | None,
) -> bytes:
    """Return a page of the Data Prioritas as an Atom feed (RFC 4287, paged as RFC 5005).

    :param page: address of the page that shows the same; the others are those of the feed
    """
    feed = CKANFeed(
        _clean(_("Data Prioritas {pemerintah}").format(pemerintah=config.nama_pemerintah())),
        page, _("Data yang ditetapkan sebagai Data Prioritas, dan kapan terbit berikutnya."),
        _lang(), _clean(config.walidata_nama() or config.nama_pemerintah()), first, here,
        before, after, first, last)
    newest = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)
    for each in reversed(found):  # the library puts each before those it has
        of = each.dataset
        newest = max(newest, of.modified)
        terms = [*of.priority_years, of.criterion, *of.affairs]
        feed.add_item(
            unique_id=f"{config.alamat()}/dataset/{of.id}", title=_clean(of.title),
            link=present.address(of), updated=of.modified,
            author_name=_clean(of.organization_title or config.nama_pemerintah()),
            summary=_clean(_summary(each, today)),
            categories=[term for term in terms if term])
    feed.updated(newest)  # or the feed would say the moment it was asked for
    return feed.atom_str(encoding="utf-8", pretty=True)


def _summary(each: Priority, today: dt.date) -> str:
    of, said = each.dataset, []
    said.append(_("Data Prioritas {tahun}").format(tahun=", ".join(of.priority_years)))
    if of.criterion:
        said.append(_label("kriteria_prioritas", of.criterion))
    if each.ahead is not None:
        late = each.ahead.days_late(today)
        day = each.ahead.day.isoformat()
        said.append(
            _("terbit berikutnya dijanjikan {tanggal}, terlambat").format(tanggal=day)
            if late else _("terbit berikutnya {tanggal}").format(tanggal=day))
    return "; ".join(said) + "."


def table(found: Iterable[Priority], today: dt.date) -> bytes:
    """Return the Data Prioritas as CSV (UTF-8, comma); no cell runs in a spreadsheet."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow([
        "id", "judul", "alamat", "produsen_data", "prioritas_tahun", "kriteria_prioritas",
        "urusan", "frekuensi", "status", "rilis_berikutnya", "hari_terlambat", "diubah"])
    for each in found:
        of, ahead = each.dataset, each.ahead
        writer.writerow([harmless(str(cell)) for cell in (
            of.id, of.title, present.address(of), of.organization_title,
            ";".join(of.priority_years), of.criterion, ";".join(of.affairs), of.frequency,
            each.standing.value, ahead.day.isoformat() if ahead else "",
            ahead.days_late(today) if ahead else 0, of.modified.isoformat())])
    return made.getvalue().encode()


def _label(name: str, code: str) -> str:
    try:
        return vocabulary.get(name)[code].label(_lang())
    except SatuDataError:
        return code


def _clean(text: str) -> str:
    """Return a text without what XML 1.0 cannot hold."""
    return "".join(each for each in text if each in "\n\t" or (
        unicodedata.category(each) not in ("Cc", "Cs") and each not in "\ufffe\uffff"))


def _zone() -> str:
    """Return the name of the installation's zone, as calendars know it."""
    here = config.zona_waktu()
    return next(name for name, zone in workdays.ZONES.items() if zone == here)


def _lang() -> str:
    return "en" if str(tk.h.lang() or "id").startswith("en") else "id"
