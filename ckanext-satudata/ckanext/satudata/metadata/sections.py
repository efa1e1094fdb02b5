"""The sections of a form and of the metadata table, and what each form asks."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.satudata.domain.metadata_derive import empty
from ckanext.satudata.domain.metadata_values import N_

__all__ = ["SECTIONS", "form_sections", "mode_of", "table_sections"]

Field = dict[str, Any]

#: Section id to its title and one line that says what it is for; the order is that of the form.
SECTIONS: dict[str, tuple[str, str]] = {
    "identitas": (N_("Identitas"), N_("Nama, pengenal, dan siapa yang bertanggung jawab.")),
    "standar_data": (N_("Standar data"), N_("Apa yang diukur, dan dengan satuan apa.")),
    "perhitungan": (N_("Perhitungan"), N_("Bagaimana indikator dihitung dan dibaca.")),
    "cakupan": (N_("Cakupan"), N_("Waktu dan wilayah yang diliput.")),
    "prioritas_jadwal": (
        N_("Prioritas dan jadwal"), N_("Kapan terbit, dan apakah Data Prioritas.")
    ),
    "kode": (N_("Kode dan urusan"), N_("Kode yang menghubungkan instansi dengan datanya.")),
    "kontak": (N_("Kontak"), N_("Tempat orang bertanya.")),
    "akses": (N_("Akses"), N_("Siapa yang boleh membuka, dan atas dasar apa.")),
    "blok_i": (N_("Blok I. Penyelenggara"), N_("Instansi yang menyelenggarakan kegiatan.")),
    "blok_ii": (N_("Blok II. Penanggung jawab"), N_("Unit dan orang yang bertanggung jawab.")),
    "blok_iii": (N_("Blok III. Perencanaan"), N_("Latar belakang, tujuan, jadwal, dan variabel.")),
    "blok_iv": (N_("Blok IV. Desain kegiatan"), N_("Cakupan dan cara pengumpulan data.")),
    "blok_v": (N_("Blok V. Desain sampel"), N_("Hanya diisi bila caranya survei.")),
    "blok_vi": (
        N_("Blok VI. Pengumpulan data"), N_("Uji coba, petugas, dan pemeriksaan kualitas.")
    ),
    "blok_vii": (
        N_("Blok VII. Pengolahan dan analisis"), N_("Tahapan pengolahan dan penyajian hasil.")
    ),
    "blok_viii": (
        N_("Blok VIII. Diseminasi"), N_("Publikasi yang disediakan dan rencana rilisnya.")
    ),
    "ms_var": (N_("Variabel (MS-Var)"), N_("Keterangan tiap variabel yang dihasilkan.")),
    "berkas": (N_("Berkas"), N_("Tabel datanya.")),
}

#: Snippets of fields that no person fills: they travel with the form so that saving loses nothing.
HIDDEN = "satudata_hidden.html"

#: Nothing is saved without it, and who writes for several organizations has none filled in.
NEEDED = "owner_org"


def mode_of(form_style: str | None, data: Mapping[str, Any]) -> str:
    """Return which form this is: ``baru``, ``salin`` (from last year's) or ``ubah``."""
    if data.get("_salin"):
        return "salin"
    return "ubah" if form_style == "edit" else "baru"


def _holds(field: Field, data: Mapping[str, Any]) -> bool:
    name = field["field_name"]
    if not empty(data.get(name)):
        return True
    if "repeating_subfields" not in field:
        return False
    prefix = f"{name}-"
    return any(key.startswith(prefix) and not empty(value) for key, value in data.items())


def _fails(field: Field, errors: Mapping[str, Any]) -> bool:
    name = field["field_name"]
    return not empty(errors.get(name)) or any(key.startswith(f"{name}-") for key in errors)


def form_sections(
    fields: list[Field], data: Mapping[str, Any], errors: Mapping[str, Any], mode: str
) -> list[dict[str, Any]]:
    """Group the fields of a form: asked, already filled, others, and hidden ones.

    What is asked stands open; what is known, and what may stay empty, is folded. A field with an
    error is always open.
    """
    asked_in = {"baru": {"baru"}, "salin": {"salin"}, "ubah": {"baru", "salin"}}[mode]
    found: dict[str, dict[str, Any]] = {}
    for field in fields:
        snippet = field.get("form_snippet", "")
        if snippet is None:
            continue
        name = field.get("bagian") or "identitas"
        section = found.setdefault(
            name, {"id": name, "asked": [], "filled": [], "other": [], "hidden": [], "errors": 0}
        )
        failed = _fails(field, errors)
        section["errors"] += failed
        if snippet == HIDDEN and not failed:
            section["hidden"].append(field)
        elif failed or asked_in & set(field.get("tanya") or ()) or (
                field["field_name"] == NEEDED and not _holds(field, data)):
            section["asked"].append(field)
        elif _holds(field, data):
            section["filled"].append(field)
        else:
            section["other"].append(field)
    order = list(SECTIONS)
    sections = sorted(found.values(), key=lambda each: order.index(each["id"]))
    for section in sections:
        section["title"], section["about"] = SECTIONS[section["id"]]
    return sections


def table_sections(fields: list[Field], data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Group the filled fields of the metadata table by section; empty ones are left out."""
    found: dict[str, dict[str, Any]] = {}
    for field in fields:
        if field.get("display_snippet", "") is None or empty(data.get(field["field_name"])):
            continue
        name = field.get("bagian") or "identitas"
        title, _about = SECTIONS[name]
        found.setdefault(name, {"id": name, "title": title, "fields": []})["fields"].append(field)
    return sorted(found.values(), key=lambda each: list(SECTIONS).index(each["id"]))
