"""A manifest: what a row means, and what in it is refused with its place."""
from __future__ import annotations

import os
from pathlib import Path

import pytest

from ckanext.satudata.domain.loading.folder import read_path
from ckanext.satudata.domain.loading.limits import Limits
from ckanext.satudata.domain.loading.plan import Plan, Shape, identifier_for
from ckanext.satudata.domain.loading.problems import LoadError

SHAPE = Shape(
    fields=frozenset({"title", "notes", "frequency", "urusan", "tag_string", "name"}),
    resource_fields=frozenset({"name", "description"}),
    lists=frozenset({"urusan"}),
    groups={"temporal_coverage": frozenset({"start", "end"}), "contact": frozenset({"name"})},
)


def shape_of(kind: str) -> Shape | None:
    return SHAPE if kind in ("dataset", "kegiatan") else None


def plan(
    folder: Path, text: str | bytes, org: str | None = None, limits: Limits | None = None
) -> Plan:
    content = text if isinstance(text, bytes) else text.encode()
    (folder / "manifest.csv").write_bytes(content)
    for name in ("a.csv", "b.csv"):
        (folder / name).write_text("nama,nilai\nA,1\n")
    return read_path(folder, shape_of, org, limits or Limits())


def lines(found: Plan) -> list[str]:
    return [problem.text() for problem in found.problems]


def test_a_row_says_dataset_and_file(tmp_path: Path) -> None:
    found = plan(
        tmp_path,
        "file,title,organization,urusan,resource.description,temporal_coverage.start\n"
        "a.csv,Judul,dinkes,1.02; 1.06,Isi,2025\n",
    )
    (dataset,) = found.datasets
    assert dataset.fields == {
        "title": "Judul", "urusan": ["1.02", "1.06"], "temporal_coverage": [{"start": "2025"}]}
    assert dataset.organization == "dinkes"
    assert dataset.files[0].fields == {"description": "Isi"}
    assert dataset.place.text() == "manifest.csv, baris 2"


def test_indonesian_column_names_and_semicolons_are_understood(tmp_path: Path) -> None:
    found = plan(tmp_path, "berkas;judul;organisasi\na.csv;Judul;dinkes\n".encode("cp1252"))
    assert found.datasets[0].title == "Judul"


def test_a_dataset_without_an_identifier_gets_the_same_one_each_time(tmp_path: Path) -> None:
    one = plan(tmp_path, "file\na.csv\n", "dinkes").datasets[0].identifier
    assert one == identifier_for("a.csv", "dinkes")
    assert one != identifier_for("a.csv", "dinsos")
    assert one != identifier_for("b.csv", "dinkes")


def test_a_dataset_may_have_no_file(tmp_path: Path) -> None:
    assert plan(tmp_path, "file,title\n,Data tertutup\n").datasets[0].files == []


def test_a_row_that_ends_early_or_is_blank_is_no_problem(tmp_path: Path) -> None:
    found = plan(tmp_path, "file,title,notes\na.csv,A\n,,\nb.csv,B,\n")
    assert [d.title for d in found.datasets] == ["A", "B"]
    assert not found.problems


@pytest.mark.parametrize(("name", "said"), [
    ("../rahasia.csv", "menunjuk ke luar folder"),
    ("/etc/passwd", "menunjuk ke luar folder"),
    ("sub/../../x.csv", "menunjuk ke luar folder"),
    ("..\\x.csv", "menunjuk ke luar folder"),
    ("https://contoh.example/a.csv", "alamat web tidak diambil"),
    ("file:///etc/passwd", "alamat web tidak diambil"),
    ("hilang.csv", "tidak ada"),
    ("folder", "bukan berkas biasa"),
    ("kosong.csv", "kosong (0 bita)"),
])
def test_a_file_is_only_taken_from_the_folder(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "kosong.csv").touch()
    found = plan(tmp_path, f"file,title\n{name},A\nb.csv,B\n")
    assert [d.title for d in found.datasets] == ["B"]
    assert lines(found)[0].startswith("manifest.csv, baris 2, kolom file: ")
    assert said in lines(found)[0]


def test_a_link_is_followed_only_inside(tmp_path: Path) -> None:
    outside = tmp_path / "luar.csv"
    outside.write_text("rahasia")
    folder = tmp_path / "folder"
    folder.mkdir()
    os.symlink(outside, folder / "tautan.csv")
    os.symlink("a.csv", folder / "dalam.csv")
    found = plan(folder, "file,title\ntautan.csv,A\ndalam.csv,B\n")
    assert [d.title for d in found.datasets] == ["B"]
    assert "tautan ke luar folder" in lines(found)[0]


def test_a_special_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipa.csv")
    assert "bukan berkas biasa" in lines(plan(tmp_path, "file\npipa.csv\n"))[0]


def test_an_unknown_column_is_said_once_with_what_was_meant(tmp_path: Path) -> None:
    found = plan(tmp_path, "file,frequenci,warna\na.csv,tahunan,biru\nb.csv,bulanan,hijau\n")
    assert lines(found) == [
        "manifest.csv, baris 1, kolom frequenci: kolom ini tidak dikenal dan tidak dibaca. "
        "Maksudnya frequency?",
        "manifest.csv, baris 1, kolom warna: kolom ini tidak dikenal dan tidak dibaca.",
    ]
    assert not any(problem.fatal for problem in found.problems)


def test_an_identifier_used_for_two_datasets_names_both_rows(tmp_path: Path) -> None:
    found = plan(tmp_path, "identifier,file,title\nx,a.csv,A\nx,b.csv,B\n")
    assert [d.title for d in found.datasets] == ["A"]
    assert "identifier x sudah dipakai di baris 2" in lines(found)[0]


def test_a_file_used_twice_is_refused(tmp_path: Path) -> None:
    found = plan(tmp_path, "file,title\na.csv,A\na.csv,B\n")
    assert lines(found) == [
        "manifest.csv, baris 3, kolom file: berkas a.csv sudah dipakai di baris 2."
    ]


def test_a_cell_of_nested_brackets_does_not_stop_the_load(tmp_path: Path) -> None:
    found = plan(tmp_path, "file,title,urusan\na.csv,A," + "[" * 100_000 + "\nb.csv,B,1.02\n")
    assert [dataset.fields["title"] for dataset in found.datasets] == ["A", "B"]


def test_a_type_we_do_not_know_is_refused(tmp_path: Path) -> None:
    assert "kolom type: tipe harvest" in lines(plan(tmp_path, "file,type\na.csv,harvest\n"))[0]


@pytest.mark.parametrize(("text", "said"), [
    ("", "kosong"),
    ("file,title\n", "tidak berisi baris data"),
    ("nama,nilai\nA,1\n", "harus punya kolom file atau title"),
    ("file,file\na,b\n", "kolom ini ada dua kali"),
    (b"file,title\n\x81\x8d\xff,x\n", "Pengodean huruf tidak dikenali"),
    ('file,title\na.csv,"A\n', "tanda kutip"),
])
def test_a_manifest_that_cannot_be_read_says_why(
    tmp_path: Path, text: str | bytes, said: str
) -> None:
    with pytest.raises(LoadError, match=said):
        plan(tmp_path, text)


def test_a_manifest_is_bounded(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="melebihi 1 baris"):
        plan(tmp_path, "file\na.csv\nb.csv\n", limits=Limits(manifest_rows=1))
    with pytest.raises(LoadError, match="batasnya"):
        plan(tmp_path, "file\na.csv\n", limits=Limits(manifest_bytes=5))


def test_a_folder_without_a_manifest_is_single_files(tmp_path: Path) -> None:
    (tmp_path / "jumlah_penduduk-2025.csv").write_text("a,b\n1,2\n")
    (tmp_path / ".tersembunyi").write_text("x")
    (tmp_path / "sub").mkdir()
    found = read_path(tmp_path, shape_of)
    assert [d.title for d in found.datasets] == ["Jumlah penduduk 2025"]


@pytest.mark.parametrize(("content", "said"), [
    ("{", "bukan JSON"),
    ("[]", "bukan datapackage.json"),
    ('{"resources": [{"path": "https://x.example/a.csv"}]}', "alamat web"),
    ('{"resources": [{"path": "../a.csv"}]}', "luar folder"),
    ('{"resources": [{"data": [1]}]}', "satu path"),
    ('{"resources": [{"path": "a.csv", "schema": "../s.json"}]}', "luar folder"),
])
def test_a_bad_data_package_is_refused(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "a.csv").write_text("a\n1\n")
    (tmp_path / "datapackage.json").write_text(content)
    try:
        found = read_path(tmp_path, shape_of)
    except LoadError as error:
        assert said in str(error)
    else:
        assert not found.datasets
        assert said in lines(found)[0]
