"""Solr's jars: a fixed list with checksums, fetched once into a cache all homes share.

``solr-jars.sha256`` names every jar by its path in Maven Central, dependencies of
dependencies included, so nothing is resolved at start and what ran yesterday runs
tomorrow. A jar with another content is refused; a jar that is not in the list is
never loaded. Run as a module it fetches and checks.
"""
from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from ckanext.satudata.stack.errors import StackError

__all__ = ["cache_dir", "fetch", "listed", "verify"]

STEP = "Solr's jars"
LIST = Path(__file__).with_name("solr-jars.sha256")
PARALLEL = 6


def cache_dir() -> Path:
    """Return the folder shared by all homes of this user: ``SATUDATA_CACHE`` or the XDG cache."""
    if given := os.environ.get("SATUDATA_CACHE"):
        return Path(given).expanduser().resolve() / "jars"
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "satudata" / "jars"


def listed(list_file: Path = LIST) -> dict[str, str]:
    """Return the checksum (hex SHA-256) of each jar by its path."""
    found: dict[str, str] = {}
    for number, line in enumerate(list_file.read_text(encoding="ascii").splitlines(), 1):
        digest, _, path = line.partition("  ")
        parts = path.split("/")
        if len(digest) != 64 or len(parts) < 4 or ".." in parts or not path.endswith(".jar"):
            raise StackError(STEP, f"{list_file.name} line {number} is not 'sha256  path.jar'.")
        found[path] = digest
    return found


def verify(folder: Path, wanted: dict[str, str]) -> tuple[list[str], list[str]]:
    """Return the jars that are missing and those whose content is not the listed one."""
    missing = [path for path in wanted if not (folder / path).exists()]
    present = [path for path in wanted if path not in set(missing)]
    with ThreadPoolExecutor(PARALLEL) as pool:
        digests = pool.map(lambda path: _digest(folder / path), present)
    wrong = [p for p, digest in zip(present, digests, strict=True) if digest != wanted[p]]
    return missing, wrong


def refuse_additional(folder: Path, wanted: dict[str, str]) -> None:
    """Refuse a cache that holds a jar nobody listed: someone put it there.

    :raises StackError: naming the file
    """
    extra = [p for p in folder.rglob("*.jar") if str(p.relative_to(folder)) not in wanted]
    if extra:
        raise StackError(
            STEP, f"{extra[0]} is not in the list of Solr's jars.",
            f"If you don't know where it comes from, remove the cache: rm -r {folder}",
        )


def fetch(folder: Path, progress: Callable[[int, int], None] = lambda done, all: None) -> int:
    """Bring what is missing and check everything; return the number of jars fetched.

    :raises StackError: no network, a full disk, a jar with another content
    """
    wanted = listed()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StackError(
            STEP, f"{folder} can't be made: {error.strerror}.",
            "Give a folder you may write to: SATUDATA_CACHE=DIR",
        ) from error
    refuse_additional(folder, wanted)
    missing, wrong = verify(folder, wanted)
    if wrong:
        raise StackError(
            STEP, f"{folder / wrong[0]} has not the listed content ({len(wrong)} such): "
            "the file is damaged or was changed.",
            f"Remove it and start again: rm {folder / wrong[0]}",
        )
    if missing:
        _download(folder, {path: wanted[path] for path in missing}, len(wanted), progress)
    return len(missing)


def _download(
    folder: Path, wanted: dict[str, str], total: int, progress: Callable[[int, int], None],
) -> None:
    _trust_the_machine()
    from jgo.maven import MavenContext

    # jgo writes in place; a folder of our own process keeps half files out of the shared cache.
    aside = folder.parent / f"{folder.name}.{os.getpid()}"
    context = MavenContext(repo_cache=aside, timeout=60)

    def one(path: str) -> None:
        *group, name, version, file = path.split("/")
        classifier = file.removesuffix(".jar").removeprefix(f"{name}-{version}").removeprefix("-")
        component = context.project(".".join(group), name).at_version(version)
        fetched = component.artifact(classifier, "jar").resolve()
        digest = _digest(fetched)
        if digest != wanted[path]:
            raise StackError(
                STEP, f"{file} from Maven Central has SHA-256 {digest}, listed is {wanted[path]}: "
                "something between here and there changes files.",
                "Try from another network. Don't edit the list unless you know why it changed.",
            )
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        os.replace(fetched, place)

    done = total - len(wanted)
    progress(done, total)
    pool = ThreadPoolExecutor(PARALLEL)
    try:
        for job in as_completed([pool.submit(one, path) for path in wanted]):
            job.result()
            done += 1
            progress(done, total)
    except StackError:
        raise
    except OSError as error:  # requests' errors are OSErrors, and so is a full disk
        raise _explained(error, folder) from error
    except RuntimeError as error:
        raise StackError(
            STEP, f"Maven Central did not give a jar: {error}", "Start again in a few minutes."
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        shutil.rmtree(aside, ignore_errors=True)


def _explained(error: OSError, folder: Path) -> StackError:
    if error.errno == errno.ENOSPC:
        return StackError(STEP, "The disk is full.", f"Free space for 70 MB in {folder}.")
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return StackError(
            STEP, "Maven Central shows a certificate this machine does not trust: something "
            "between here and there opens the connection.",
            "Ask for your network's CA certificate and name it: REQUESTS_CA_BUNDLE=/path/ca.crt")
    return StackError(
        STEP, f"Maven Central can't be reached: {error}",
        "Check the network (a proxy is taken from HTTPS_PROXY) and start again; "
        "what has arrived is kept.")


def _trust_the_machine() -> None:
    """Use the machine's certificates where it has any, not only those that came with a wheel.

    A government network that looks into connections has its own CA there.
    """
    if any(os.environ.get(name) for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")):
        return
    for name in ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"):
        if Path(name).is_file() and Path(name).stat().st_size > 10_000:
            os.environ["REQUESTS_CA_BUNDLE"] = name
            return


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as content:
        while chunk := content.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def main() -> int:
    """Fetch and check for the supervisor, which reads PROGRESS and ERROR lines."""
    def show(done: int, total: int) -> None:
        print(f"PROGRESS {done}/{total} jars", flush=True)

    try:
        fetch(cache_dir(), show)
    except StackError as error:
        print("ERROR " + json.dumps(error.to_dict()), flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
