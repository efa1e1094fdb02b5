"""A new list of Kemendagri can be packed: what goes in comes out, and nothing is guessed."""
from __future__ import annotations

import importlib.util
import io
import sys
import tarfile
from pathlib import Path
from types import ModuleType

import pytest

from ckanext.satudata.domain import wilayah_store

SCRIPT = Path(__file__).parents[2] / "deploy" / "build_wilayah.py"

NEW = {
    "provinces": "code,name\n91,Papua\n93,Papua Selatan\n",
    "regencies": "code,province_code,name\n91.03,91,Kabupaten Jayapura\n"
                 "93.01,93,Kabupaten Merauke\n",
    "districts": "code,regency_code,name\n91.03.01,91.03,Sentani\n93.01.01,93.01,Merauke\n"
                 "93.01.02,93.01,Muting\n",
    "villages": 'code,district_code,name\n93.01.01.2001,93.01.01,"Ra""as."\n'
                "93.01.01.2002,93.01.01,Baru\n93.01.01.2003,93.01.01,Baru\n",
}
OLD = (
    "91,PAPUA\n91.01,KAB. MERAUKE\n91.03,KAB. JAYAPURA\n91.01.01,Merauke\n91.01.09,Hilang\n"
    "91.01.01.2001,Ra'as\n91.01.01.2002,Baru\n"
)


@pytest.fixture
def build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_wilayah", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pack(build: ModuleType, folder: Path, tables: dict[str, str], monkeypatch: pytest.MonkeyPatch
         ) -> Path:
    package, old, out = folder / "list-1.0.tgz", folder / "old.csv", folder / "wilayah.bin"
    with tarfile.open(package, "w:gz") as tar:
        for name, text in tables.items():
            member = tarfile.TarInfo(f"package/data/{name}.csv")
            member.size = len(text.encode())
            tar.addfile(member, io.BytesIO(text.encode()))
    old.write_text(OLD, encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["build", str(package), "--retired", str(old),
                                      "--out", str(out), "--compare", str(old)])
    build.main()
    return out


def test_what_is_packed_is_read_back(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = pack(build, tmp_path, NEW, monkeypatch)
    store = wilayah_store.load(out)
    assert store.about.source == "list-1.0"
    assert [len(column) for column in store.columns] == [2, 2, 3, 3]

    def name(code: str) -> str | None:
        place = wilayah_store.key_of(code)
        assert place
        return store.find(*place)

    assert name("93.01") == "Kabupaten Merauke"
    assert name("93.01.01.2001") == "Ra'as"  # the slips of the transcription are mended
    assert name("91.01") is None
    assert "codes only there: 5" in capsys.readouterr().out


def test_a_successor_is_named_only_where_it_is_beyond_doubt(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = wilayah_store.load(pack(build, tmp_path, NEW, monkeypatch))
    found = {}
    for code in store.retired_codes():
        place = wilayah_store.key_of(code)
        assert place
        found[code] = store.find_retired(*place)
    assert found == {
        "91.01": ("Kabupaten Merauke", "93.01"),
        "91.01.01": ("Merauke", "93.01.01"),
        "91.01.01.2001": ("Ra'as", "93.01.01.2001"),
        "91.01.01.2002": ("Baru", ""),  # two villages are called so
        "91.01.09": ("Hilang", ""),
    }


def test_the_same_list_gives_the_same_bytes(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = pack(build, tmp_path, NEW, monkeypatch).read_bytes()
    assert pack(build, tmp_path, NEW, monkeypatch).read_bytes() == first


@pytest.mark.parametrize(
    ("table", "text", "told"),
    [("villages", "code,district_code,name\n99.01.01.2001,99.01.01,X\n", "no parent"),
     ("provinces", "code,name\n9A,Papua\n", "is no code"),
     ("provinces", "code,name\n91,\n93,X\n", "has the name")],
)
def test_a_broken_list_is_refused(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    table: str, text: str, told: str,
) -> None:
    with pytest.raises(SystemExit, match=told):
        pack(build, tmp_path, {**NEW, table: text}, monkeypatch)


def test_a_file_of_another_format_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "wilayah.bin"
    other.write_bytes(b"PK\x03\x04")
    with pytest.raises(ValueError, match="format"):
        wilayah_store.load(other)
