"""The one folder that holds all state of a portal: where what lies, who holds it, what runs."""
from __future__ import annotations

import fcntl
import hashlib
import json
import os
import stat
import tempfile
from pathlib import Path
from typing import Any

from ckanext.satudata.stack.errors import StackError

__all__ = ["MARKER", "Home"]

#: Every process of a portal carries this variable with the home's path: what a crash left
#: behind is found by it.
MARKER = "SATUDATA_STACK_HOME"

#: The longest path a unix socket can have on Linux is 107 bytes; the longest name we put into
#: the folder is ``.s.PGSQL.5432.lock``.
SOCKET_DIR_MAX = 107 - len("/.s.PGSQL.5432.lock")


class Home:
    """Paths, settings, state and lock of one portal."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path).expanduser().resolve()
        self.ini = self.path / "ckan.ini"
        self.logs = self.path / "log"
        self.settings_file = self.path / "settings.json"
        self.state_file = self.path / "state.json"
        self.lock_file = self.path / "lock"
        self._lock: int | None = None

    def create(self) -> None:
        """Make the folder; secrets and logs are for its owner only."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self.logs.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise StackError(
                "Home folder", f"{self.path} can't be made: {error.strerror}.",
                "Give a folder you may write to: --home DIR",
            ) from error
        if not os.access(self.path, os.W_OK | os.X_OK):
            raise StackError(
                "Home folder", f"{self.path} belongs to another user.",
                "Start as that user, or give another folder: --home DIR",
            )

    # lock

    def acquire(self) -> bool:
        """Take the home; False when another process has it. It is freed when the process ends."""
        descriptor = os.open(self.lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._lock = descriptor
        return True

    def release(self) -> None:
        """Give the home back."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def is_held(self) -> bool:
        """Say whether a portal runs (or starts, or stops) here."""
        if not self.lock_file.exists():
            return False
        try:
            descriptor = os.open(self.lock_file, os.O_RDWR | os.O_CLOEXEC)
        except PermissionError:
            raise StackError(
                "Home folder", f"{self.path} belongs to another user.",
                "Run this as the user who started the portal.",
            ) from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    # state and settings

    def settings(self) -> dict[str, Any]:
        """Return what earlier starts chose and later ones keep (ports, secrets, region)."""
        return _read_json(self.settings_file)

    def save_settings(self, settings: dict[str, Any]) -> None:
        write_private(self.settings_file, json.dumps(settings, indent=2, sort_keys=True) + "\n")

    def state(self) -> dict[str, Any]:
        """Return what the supervisor last wrote about itself and its parts."""
        return _read_json(self.state_file)

    def save_state(self, state: dict[str, Any]) -> None:
        write_private(self.state_file, json.dumps(state, indent=2) + "\n")

    # sockets

    def socket_dir(self) -> Path:
        """Return the folder of the unix sockets, a short one when the home lies too deep."""
        inside = self.path / "run"
        if len(os.fsencode(inside)) <= SOCKET_DIR_MAX:
            return inside
        digest = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"satudata-{os.getuid()}-{digest}"

    def private_dir(self, path: Path, owner: tuple[int, int] | None = None) -> Path:
        """Make a folder nobody else may enter; refuse one that somebody else put there.

        The short socket folder lies under a folder all may write to, so its owner and
        mode are checked: whoever reaches the socket is PostgreSQL's superuser.
        """
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        found = path.lstat()
        allowed = {os.getuid(), owner[0] if owner else os.getuid()}
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in allowed:
            raise StackError(
                "Home folder", f"{path} belongs to another user.", f"Remove it: rm -r {path}"
            )
        if owner is not None and found.st_uid != owner[0]:
            os.chown(path, *owner)
        # Passing through (x) may have been given to PostgreSQL's user and stays.
        if found.st_mode & 0o066:
            os.chmod(path, 0o700)
        return path


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step, readable by its owner only."""
    descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write(text)
        os.chmod(aside, 0o600)
        os.replace(aside, path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (ValueError, OSError) as error:
        raise StackError(
            "Home folder", f"{path} can't be read: {error}.",
            "Restore it from a backup, or start over: ./deploy/portal reset --yes",
        ) from error
    return content if isinstance(content, dict) else {}
