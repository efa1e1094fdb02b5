"""The launcher's parts that need no server: ports, messages, ini, checksums, home."""
from __future__ import annotations

import hashlib
import os
import socket
import stat
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from ckanext.satudata.stack import bucket, config, jars, plan, ports, postgres, testing, valkey
from ckanext.satudata.stack.errors import StackError
from ckanext.satudata.stack.home import SOCKET_DIR_MAX, Home
from ckanext.satudata.stack.progress import Printer, step_line

ADDRESSES = {"ckan.site_url": "http://127.0.0.1:5000",
             "sqlalchemy.url": "postgresql://ckan@/ckan?host=/a%20b/pg"}


# errors

def test_a_failure_says_step_reason_and_what_to_do() -> None:
    text = StackError("Disk space", "3 MB are free.", "Free space.").text()
    assert text.splitlines() == [
        "Failed: Disk space", "  Why:  3 MB are free.", "  Do:   Free space."]


def test_a_reason_of_several_lines_stays_readable() -> None:
    assert "  Why:  one\n        two" in StackError("Solr", "one\ntwo").text()


# ports

def listening() -> tuple[socket.socket, int]:
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen()
    return server, server.getsockname()[1]


def test_a_port_asked_for_is_never_swapped_in_silence() -> None:
    server, port = listening()
    with server, pytest.raises(StackError) as refused:
        ports.choose("127.0.0.1", port)
    assert str(port) in refused.value.why
    offered = int(refused.value.todo.rpartition(" ")[2])
    assert ports.is_free("127.0.0.1", offered)


def test_the_usual_port_gives_way_to_a_free_one() -> None:
    server, port = listening()
    with server:
        chosen = ports.choose("127.0.0.1", None, port)
    assert chosen != port and ports.is_free("127.0.0.1", chosen)


@pytest.mark.parametrize("port", [-1, 0, 65536])
def test_what_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(StackError, match="not a port"):
        ports.choose("127.0.0.1", port)


# ini

def written(tmp_path: Path, region: str | None = None) -> Path:
    ini = tmp_path / "ckan.ini"
    config.write(ini, ADDRESSES, config.defaults(tmp_path, config.new_secrets(), region))
    return ini


def test_the_ini_is_for_its_owner_only(tmp_path: Path) -> None:
    assert stat.S_IMODE(written(tmp_path).stat().st_mode) == 0o600


def test_the_ini_holds_what_a_portal_needs(tmp_path: Path) -> None:
    keys = config.read(written(tmp_path, "52.03"))
    assert keys["ckan.plugins"].split()[0] == "satudata"
    assert keys["ckan.datastore.public_table_search"] == ""
    assert keys["ckan.datastore.sqlsearch.enabled"] == "false"
    assert keys["ckan.files.storage.resources.type"] == "ckan:fs"
    assert keys["ckanext.satudata.wilayah"] == "52.03"
    assert keys["sqlalchemy.url"] == ADDRESSES["sqlalchemy.url"]


def test_files_of_resources_lie_outside_what_ckan_serves_as_static(tmp_path: Path) -> None:
    keys = config.read(written(tmp_path))
    served = Path(keys["ckan.storage_path"]) / "storage"
    assert not Path(keys["ckan.files.storage.resources.path"]).is_relative_to(served)
    for name in ("users", "groups", "admins"):
        assert Path(keys[f"ckan.files.storage.{name}.path"]).is_relative_to(served)


def test_a_link_in_a_dataset_is_never_fetched_by_the_portal(tmp_path: Path) -> None:
    """CKAN's resource proxy shows whatever an address answers: to an editor, the index of all."""
    plugins = config.defaults(tmp_path, config.new_secrets(), None)["ckan.plugins"].split()
    assert "resource_proxy" not in plugins


def test_two_portals_share_no_secret() -> None:
    first, second = config.new_secrets(), config.new_secrets()
    assert not set(first.values()) & set(second.values())
    assert all(len(value) >= 32 for value in first.values())


def test_a_later_start_renews_addresses_and_keeps_what_a_person_wrote(tmp_path: Path) -> None:
    ini = written(tmp_path)
    secret = config.read(ini)["SECRET_KEY"]
    text = ini.read_text().replace("ckan.site_title = Satu Data", "ckan.site_title = Milik kami")
    ini.write_text(text.replace("[loggers]", "# catatan\n[loggers]"))
    config.write(ini, {**ADDRESSES, "ckan.site_url": "http://127.0.0.1:5001", "solr_url": "x"},
                 {"SECRET_KEY": "another"})
    keys = config.read(ini)
    assert keys["ckan.site_url"] == "http://127.0.0.1:5001"
    assert keys["solr_url"] == "x"
    assert keys["ckan.site_title"] == "Milik kami"
    assert keys["SECRET_KEY"] == secret
    assert "# catatan" in ini.read_text()


def test_a_value_cannot_smuggle_in_a_second_line() -> None:
    with pytest.raises(StackError, match="line break"):
        config.render({"ckan.site_title": "a\nSECRET_KEY = b"})


# jars

def jar_list(tmp_path: Path, jar: bytes = b"jar") -> tuple[Path, dict[str, str]]:
    folder, path = tmp_path / "jars", "org/example/a/1/a-1.jar"
    (folder / path).parent.mkdir(parents=True)
    (folder / path).write_bytes(jar)
    return folder, {path: hashlib.sha256(b"jar").hexdigest()}


def test_every_jar_of_the_list_is_pinned_by_version_and_checksum() -> None:
    listed = jars.listed()
    assert len(listed) > 100
    for path in listed:
        *_, name, version, file = path.split("/")
        assert file.startswith(f"{name}-{version}") and file.endswith(".jar")
    assert any("solr-core/9.9.0/" in path for path in listed)


def test_a_jar_with_another_content_is_found(tmp_path: Path) -> None:
    folder, wanted = jar_list(tmp_path, b"changed")
    assert jars.verify(folder, wanted) == ([], list(wanted))


def test_a_changed_jar_stops_the_start_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder, wanted = jar_list(tmp_path, b"changed")
    monkeypatch.setattr(jars, "listed", lambda: wanted)
    with pytest.raises(StackError, match=r"a-1\.jar has not the listed content"):
        jars.fetch(folder)


def test_a_jar_nobody_listed_is_refused(tmp_path: Path) -> None:
    folder, wanted = jar_list(tmp_path)
    (folder / "evil.jar").write_bytes(b"")
    with pytest.raises(StackError, match=r"evil\.jar is not in the list"):
        jars.refuse_additional(folder, wanted)


def test_a_right_cache_needs_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, wanted = jar_list(tmp_path)
    monkeypatch.setattr(jars, "listed", lambda: wanted)
    monkeypatch.setitem(sys.modules, "jgo.maven", None)
    assert jars.fetch(folder) == 0


@pytest.mark.parametrize("line", ["abc  a/b/c/d.jar", f"{'0' * 64}  ../../x/y.jar",
                                  f"{'0' * 64}  a/b/c/d.zip"])
def test_a_damaged_list_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "list").write_text(line + "\n")
    with pytest.raises(StackError, match="line 1"):
        jars.listed(tmp_path / "list")


# home

def test_one_process_holds_a_home(tmp_path: Path) -> None:
    first, second = Home(tmp_path), Home(tmp_path)
    first.create()
    assert not first.is_held()
    assert first.acquire() and not second.acquire() and second.is_held()
    first.release()
    assert second.acquire()
    second.release()


def test_sockets_of_a_deep_home_lie_in_a_short_folder(tmp_path: Path) -> None:
    deep = Home(tmp_path / ("x" * 120))
    assert len(os.fsencode(deep.socket_dir())) + 3 <= SOCKET_DIR_MAX
    assert deep.socket_dir() != Home(tmp_path / ("x" * 121)).socket_dir()
    assert Home("/srv/portal").socket_dir() == Path("/srv/portal/run")


def test_a_socket_folder_that_is_a_link_of_somebody_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(StackError):
        Home(tmp_path).private_dir(tmp_path / "link")


def test_a_damaged_state_file_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text("{")
    with pytest.raises(StackError, match=r"settings\.json can't be read"):
        Home(tmp_path).settings()


# plan

def test_a_full_disk_is_said_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    usage: Any = types.SimpleNamespace(free=3_000_000)
    monkeypatch.setattr(plan.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(StackError, match="3 MB are free"):
        plan.make(Home(tmp_path), plan.Options())
    assert list(tmp_path.iterdir()) == []


def test_a_given_database_needs_a_datastore_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SATUDATA_SQLALCHEMY_URL", "postgresql://a:secret@db.example/ckan")
    monkeypatch.delenv("SATUDATA_DATASTORE_WRITE_URL", raising=False)
    home = Home(tmp_path)
    home.create()
    with pytest.raises(StackError) as refused:
        plan.make(home, plan.Options())
    assert "SATUDATA_DATASTORE_WRITE_URL" in refused.value.todo


def test_a_bucket_is_named_by_the_environment_and_no_key_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SATUDATA_S3_BUCKET", raising=False)
    assert bucket.given() == {}
    for name, value in {"BUCKET": "data", "ENDPOINT": "https://s3.example.go.id"}.items():
        monkeypatch.setenv(f"SATUDATA_S3_{name}", value)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "rahasia")
    keys = bucket.given()
    assert keys["ckan.files.default_storages.resource"] == "s3"
    assert keys["ckan.files.storage.s3.bucket"] == "data"
    assert not any("rahasia" in value for value in keys.values())
    monkeypatch.setenv("SATUDATA_S3_ENDPOINT", "s3.example.go.id")
    with pytest.raises(StackError, match="no address"):
        bucket.given()


def test_no_password_stands_in_the_list_of_processes(tmp_path: Path) -> None:
    home = Home(tmp_path)
    url = "postgresql://postgres:rahasia@db.example/datastore"
    for task in (plan.SetUpCkan(home, home.ini, url), plan.CreateDatabases(home, url, ("ckan",))):
        command = task.command()
        assert not any("rahasia" in str(each) for each in command.argv)
        assert url in command.env.values()


def test_status_shows_no_password() -> None:
    shown = plan._without_secret("postgresql://a:secret@db.example:5433/ckan")
    assert shown == "postgresql://a:***@db.example:5433/ckan"


@pytest.mark.parametrize(("url", "place"), [
    ("redis://cache.example/1", ("cache.example", 6379)),
    ("unix:///a%20b/valkey.sock?db=0", ("/a b/valkey.sock", 0)),
])
def test_where_a_given_server_is_looked_for(url: str, place: tuple[str, int]) -> None:
    assert plan._host_port(url, 6379) == place


@pytest.mark.parametrize(("find", "variable"), [
    (postgres.binaries, "SATUDATA_POSTGRES"), (valkey.server, "SATUDATA_VALKEY")])
def test_an_unknown_choice_of_programs_is_refused(
    find: Any, variable: str, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(variable, "container")
    with pytest.raises(StackError, match="container"):
        find()


# printing

class Out:
    """A stream that is no terminal."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None: ...

    def isatty(self) -> bool:
        return False


def test_without_a_terminal_lines_are_plain(tmp_path: Path) -> None:
    out: Any = Out()
    printer = Printer(out, tmp_path)
    printer.show({"event": "begin", "name": "solr-jars", "label": "Solr's jars"})
    for done in range(0, 128):
        printer.show({"event": "progress", "name": "solr-jars", "label": "Solr's jars",
                      "detail": f"{done}/127 jars"})
    printer.show({"event": "done", "name": "solr-jars", "label": "Solr's jars", "seconds": 12.3})
    assert "\r" not in out.text and "\x1b" not in out.text
    assert len(out.text.splitlines()) == 4
    assert out.text.splitlines()[-1] == step_line("Solr's jars", 12.3)


# the test command

@pytest.mark.parametrize(("arguments", "without_server"), [
    (["tests/domain"], True), (["tests/domain/test_layers.py", "-q"], True),
    ([], False), (["tests/ckan"], False), (["tests/domain", "tests/live"], False), (["-x"], False),
])
def test_only_domain_tests_run_without_a_server(
    arguments: list[str], without_server: bool,
) -> None:
    root = Path(__file__).parents[2]
    assert testing._only(root, "domain", arguments) is without_server


@pytest.mark.parametrize(("arguments", "without_ckan"), [
    (["tests/live/test_link.py::test_x"], True), (["tests/live", "tests/ckan"], False),
])
def test_only_live_tests_run_without_ckan_of_their_own(
    arguments: list[str], without_ckan: bool,
) -> None:
    assert testing._only(Path(__file__).parents[2], "live", arguments) is without_ckan


def test_a_full_run_goes_from_cheap_to_dear() -> None:
    root = Path(__file__).parents[2]
    assert testing._in_order(root, ["-q"]) == ["-q", "tests/domain", "tests/ckan", "tests/live"]
