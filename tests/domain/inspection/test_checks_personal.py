"""Personal data: what is taken for it, and what only looks like it."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tidy_tables import found_by, places, tidy

from ckanext.satudata.domain import wilayah
from ckanext.satudata.domain.inspection.checks.personal_data import PersonalData
from ckanext.satudata.domain.inspection.checks.personal_in_text import PersonalInText
from ckanext.satudata.domain.inspection.flow import mask
from ckanext.satudata.domain.inspection.notes import Severity
from ckanext.satudata.domain.inspection.personal import is_nik, personal_columns

NIK = ["3604050101900003", "3604054511850001", "3604062902960002"]
#: Header, values, the kind expected (nothing: no personal data).
COLUMNS: list[tuple[str, list[object], str | None]] = [
    ("nik", NIK, "nik"),
    ("NIK_petugas", NIK, "nik"),
    ("nomor_induk", NIK, "nik"),
    ("nik", ["3604.0501.0190.0003", "3604 0545 1185 0001"], "nik"),
    ("nik", ["'3604050101900003", "’3604054511850001"], "nik"),
    ("nik", [3604050101900003, 3604054511850001], "nik"),
    ("nik", ["3,60421E+15", "3.6045E+15"], "nik"),
    ("nik", ["9999999999999999", "1234567890123456"], "nik"),
    ("no_kk", ["3604050203120001", "3604060107150044"], "kk"),
    ("nomor_kartu_keluarga", ["3604050203120001", "3604060107150044"], "nik"),
    ("pemohon", ["3604050101900003", "x"], "nik"),
    ("no_hp", ["081234567890", "0856-1234-5678"], "telepon"),
    ("kontak", ["+62 812 3456 7890", "6285612345678"], "telepon"),
    ("hp", ["81234567890", "85612345678"], "telepon"),
    ("email", ["budi.santoso@gmail.com", "siti88@yahoo.co.id"], "email"),
    ("surel", ["rina_k@gmail.com"], "email"),
    ("npwp", ["09.254.294.3-407.000"], "npwp"),
    ("nip", ["198501012010011003", "19850101 201001 1 003"], "nip"),
    ("nisn", ["0051234567", "0067654321"], "nisn"),
    ("nuptk", ["1234567890123456"], "nuptk"),
    ("no_rekening", ["0012345678901"], "rekening"),
    ("no_kartu_bpjs", ["0001234567891"], "bpjs"),
    # What only looks like it.
    ("kode_desa", ["3604052001", "3604052002"], None),
    ("kode_wilayah", ["36.04.05.2001", "36.04.05.2002"], None),
    ("kode_dssd", ["1.03.000010.0000100001", "1.02.000010.0000200001"], None),
    ("npsn", ["20604321", "20604322"], None),
    ("pagu", [1234567890123456, 2234567890123456], None),
    ("anggaran", [294671552517.0, 127880109405.0], None),
    ("kd_satker_str", ["1.01.0.00.0.00.01.0000", "5.01.5.05.0.00.26.0000"], None),
    ("koordinat", ["-6.165291, 106.831870", "-6.1234567, 106.7654321"], None),
    ("latitude", [-6.165291, -6.5], None),
    ("kode_rup", ["54230007", "54230008"], None),
    ("nomor_izin", ["503/0812.34/DPMPTSP/2024", "503/0813.11/DPMPTSP/2024"], None),
    ("telepon_kantor", ["(0254) 200252", "0254-200253"], None),
    ("jumlah_nik", [1200, 1300], None),
    ("jumlah_kk", [410, 222], None),
    ("kepemilikan_ktp", ["sudah", "belum"], None),
    ("nik", ["3604••••••••0003", "3604XXXXXXXX0001"], None),
    ("nik", ["ada", "tidak"], None),
    ("id", ["bf4df480-572f-44c9-9b57-50f56bc386a6"], None),
    ("tautan", ["https://satudata.example/2024/081234"], None),
    ("kode_rekening", ["5.1.02.01.01.0024", "5.1.02.01.01.0025"], None),
    ("nop", ["360405000100100010", "360405000100200020"], None),
    ("tanggal_kejadian", ["2024-01-01 16:30:00", "2024-01-02 16:30:00"], None),
    ("nomor_seri", ["8888777766665555", "1111222233334444"], None),
    ("nama", ["Posyandu Melati", "Posyandu Mawar"], None),
    ("data", ["29094110-1458-4385-a396-088511463256", "71036127-3453-4353-a409-083236023393"],
     None),
    ("sidik", ["8b9d152358a2fe82f6bc78fe08412228068a141d"], None),
    ("nib", ["9120001234567", "0894819792292", "8120109876543", "1234567890123", "2220001112223",
             "3330004445556"], None),
    ("nomor", [f"{at}234567890123456" for at in range(1, 8)] + ["3604050101900003"], None),
    ("isbn", ["9786020000001", "9786020000002"], None),
]


@pytest.mark.parametrize(("header", "values", "kind"), COLUMNS,
                         ids=[f"{header}-{values[0]}" for header, values, _ in COLUMNS])
def test_a_column_is_personal_or_not(header: str, values: list[object], kind: str | None) -> None:
    table = tidy({"kecamatan": ["Anyar"] * len(values), header: values})
    assert personal_columns(table) == ({} if kind is None else {header: kind})


def test_a_nik_blocks_and_is_masked_wherever_it_is_told() -> None:
    found, *more = found_by(PersonalData, tidy({"nama": ["Budi", "Siti", "Eka"], "nik": NIK}))
    assert (found.severity, found.column, found.row, found.cell) == (
        Severity.WAJIB, "nik", 1, "B4")
    assert found.value == "3604••••••••••••"
    said = [each.message.text() + str(each.value) for each in (found, *more)]
    assert not any(number in text or name in text for text in said
                   for number in NIK for name in ("Budi", "Siti"))
    assert found.how.text() == "Buang kolom nik; data lain tidak terpengaruh."
    assert {each.column for each in more} == {"nik", "nama"}


def test_it_is_found_within_a_note_and_only_the_note_is_to_be_mended() -> None:
    table = tidy({"desa": ["Anyar", "Baros", "Ciomas"], "keterangan": [
        "jalan rusak", "hubungi Budi 0812-3456-7890 sebelum datang",
        "an. Siti NIK 3604054511850001"]})
    assert found_by(PersonalData, table) == []
    assert places(found_by(PersonalInText, table)) == [("keterangan", 2), ("keterangan", 3)]


def test_names_are_personal_beside_an_address_and_not_in_a_list_of_schools() -> None:
    people = tidy({"nama_penerima": ["Budi", "Siti"], "alamat": ["Jl. Melati 1", "Jl. Mawar 2"]})
    assert personal_columns(people) == {"nama_penerima": "nama", "alamat": "alamat"}
    schools = tidy({"nama_sekolah": ["SDN 1", "SDN 2"], "alamat": ["Jl. Melati 1", "Jl. Mawar 2"],
                    "email": ["sdn1anyar@gmail.com", "rina@gmail.com"],
                    "telp": ["081234567890", "085612345678"]})
    assert personal_columns(schools) == {}
    assert {each.severity for each in found_by(PersonalData, schools)} == {Severity.SEBAIKNYA}
    areas = tidy({"nama_kecamatan": ["Anyar", "Baros"], "alamat": ["Jl. A", "Jl. B"]})
    assert found_by(PersonalData, areas) == []


def test_a_day_of_birth_beside_names_is_personal() -> None:
    table = tidy({"nama_siswa": ["Budi", "Siti"], "tanggal_lahir": ["2015-01-02", "2015-03-04"]})
    assert set(personal_columns(table)) == {"nama_siswa", "tanggal_lahir"}


@given(st.sampled_from(["360405", "327301", "510801", "317102"]), st.integers(1, 28),
       st.integers(1, 12), st.integers(0, 99), st.integers(1, 9999), st.booleans())
def test_every_nik_of_the_right_structure_is_one(
    area: str, day: int, month: int, year: int, serial: int, woman: bool
) -> None:
    assert is_nik(f"{area}{day + 40 * woman:02}{month:02}{year:02}{serial:04}")


def test_numbers_given_out_under_an_older_list_are_known() -> None:
    older = next(code for code in wilayah.retired_codes() if code.count(".") == 2
                 and not wilayah.exists(code[:5]))
    assert is_nik(older.replace(".", "") + "0101900003")


@pytest.mark.parametrize("digits", [
    "0004050101900003", "3699050101900003", "3604050001900003", "3604053213900003",
    "3604050113900003", "3604057201900003", "3604050101900000", "36040501019000031",
    "3604053002900001",
])
def test_wrong_areas_days_and_serials_are_none(digits: str) -> None:
    assert not is_nik(digits)


@pytest.mark.parametrize(("value", "kind", "shown"), [
    ("3604050101900003", "nik", "3604••••••••••••"), ("081234567890", "telepon", "081•••••••••"),
    ("budi@gmail.com", "email", "b•••••@•••••"), ("Budi Santoso", "nama", "B•••••••"),
    ("an. Siti NIK 3604054511850001", "nik", "••••••••"), ("Jl. Melati 1", "alamat", "••••••••"),
])
def test_a_masked_value_shows_no_person(value: str, kind: str, shown: str) -> None:
    assert mask(value, kind) == shown
