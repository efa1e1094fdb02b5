"""``satudata-stack``: start, stop and look at a portal on this machine."""
from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from ckanext.satudata.stack import plan as planning
from ckanext.satudata.stack.errors import StackError
from ckanext.satudata.stack.home import MARKER, Home
from ckanext.satudata.stack.process import alive, end_leftovers
from ckanext.satudata.stack.progress import Printer
from ckanext.satudata.stack.supervisor import Supervisor

__all__ = ["main"]

#: In the ini these follow from the home; in the environment they would win over it.
OVERRIDES = (
    "CKAN_SQLALCHEMY_URL", "CKAN_DATASTORE_WRITE_URL", "CKAN_DATASTORE_READ_URL",
    "CKAN_REDIS_URL", "CKAN_SOLR_URL", "CKAN_SITE_ID", "CKAN_SITE_URL", "CKAN_STORAGE_PATH",
    "CKAN_INI", "CKAN_CONFIG", "PYTHONPATH", "PYTHONHOME",
)
STOP_SECONDS = 90.0


def parser() -> argparse.ArgumentParser:
    """Return the command line; options may stand before or after the command."""
    options = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    options.add_argument("--home", metavar="DIR",
                         help="folder of all state (SATUDATA_HOME, else var/)")
    start = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    start.add_argument("--port", type=int, help="port of the portal (5000, else a free one)")
    start.add_argument("--host", help="address to listen on (127.0.0.1; 0.0.0.0 for all)")
    start.add_argument("--region", metavar="KODE",
                       help="kode wilayah of the government (36.04)")
    start.add_argument("--no-demo", action="store_true", help="don't load the demo region")
    start.add_argument("--foreground", action="store_true",
                       help="stay attached; Ctrl-C stops the portal")
    start.add_argument("--for-tests", action="store_true", help=argparse.SUPPRESS)

    main = argparse.ArgumentParser(
        prog=os.environ.get("SATUDATA_COMMAND", "satudata-stack"),
        description="A Satu Data portal on this machine.", parents=[options, start])
    commands = main.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("start", parents=[options, start], help="start the portal (the default)")
    commands.add_parser("stop", parents=[options], help="stop it; all data stay")
    status = commands.add_parser("status", parents=[options], help="what runs, and where")
    status.add_argument("--json", action="store_true", help="for scripts")
    logs = commands.add_parser("logs", parents=[options], help="print the end of the logs")
    logs.add_argument("part", nargs="?", metavar="PART", help="one part; without: all")
    logs.add_argument("--lines", type=int, default=50)
    reset = commands.add_parser("reset", parents=[options], help="stop and delete all data")
    reset.add_argument("--yes", action="store_true", help="really")
    supervise = commands.add_parser("supervise", parents=[options, start])
    supervise.add_argument("--tell", type=int, required=True, help=argparse.SUPPRESS)
    return main


def main(argv: list[str] | None = None) -> int:
    """Run a command; the exit code is 0 when it did what it says."""
    arguments = parser().parse_args(argv)
    home = Home(getattr(arguments, "home", None) or os.environ.get("SATUDATA_HOME") or "var")
    try:
        run = {"stop": stop, "status": status, "logs": logs, "reset": reset,
               "supervise": supervise}.get(arguments.command or "start", start)
        return run(home, arguments)
    except StackError as error:
        print(error.text(), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        with contextlib.suppress(OSError):
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        return 1


def _options(arguments: argparse.Namespace) -> planning.Options:
    given = vars(arguments)
    region = given.get("region")
    if region is not None and not all(part.isdigit() for part in region.split(".")):
        raise StackError("Region", f"'{region}' is not a kode wilayah.",
                         "Write it with dots, for example 36.04.")
    return planning.Options(
        host=given.get("host"), port=given.get("port"), region=region,
        demo=not given.get("no_demo", False), tests=given.get("for_tests", False))


def start(home: Home, arguments: argparse.Namespace) -> int:
    """Start a supervisor, show what it tells until the portal is up, leave it running."""
    options = _options(arguments)
    home.create()
    if home.is_held():
        return _already(home, options)
    read, write = os.pipe()
    command = [sys.executable, "-I", "-m", "ckanext.satudata.stack", "supervise",
               "--tell", str(write), "--home", str(home.path), *_again(arguments)]
    with open(home.logs / "supervisor.log", "ab") as log:
        child = subprocess.Popen(
            command, pass_fds=[write], start_new_session=True, stdin=subprocess.DEVNULL,
            stdout=log, stderr=log, cwd=home.path,
            env={k: v for k, v in os.environ.items() if k not in (*OVERRIDES, MARKER)})
    os.close(write)

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)
    printer = Printer(sys.stdout, home.path)
    outcome: dict[str, Any] = {}
    try:
        with os.fdopen(read, encoding="utf-8") as events:
            for line in events:
                event = json.loads(line)
                printer.show(event)
                if event["event"] in {"ready", "failed", "held"}:
                    outcome = event
                    break
        if outcome.get("event") == "ready":
            if not getattr(arguments, "foreground", False):
                return 0
            print("Ctrl-C stops the portal.", flush=True)
            return child.wait()
        if outcome.get("event") == "held":
            return _already(home, options)
        child.wait(STOP_SECONDS)
    except KeyboardInterrupt:
        _ignore_signals()
        print("\nStopping ...", file=sys.stderr, flush=True)
        with contextlib.suppress(ProcessLookupError):
            child.terminate()
        child.wait(STOP_SECONDS)
        print("Stopped, nothing is left running.", file=sys.stderr)
        return 130
    if not outcome:
        raise StackError(
            "Start", f"The supervisor ended with code {child.returncode} and said nothing.",
            f"See {home.logs / 'supervisor.log'}")
    raise StackError(outcome["step"], outcome["why"], outcome["todo"])


def _already(home: Home, options: planning.Options) -> int:
    state = home.state()
    url = state.get("url", "")
    what = {"running": "runs already", "starting": "is starting", "stopping": "is stopping"}.get(
        state.get("state", ""), "is held by another process")
    if options.port or options.host or options.region:
        raise StackError("Start", f"The portal in {home.path} {what} ({url}).",
                         "Stop it first; options count from the next start.")
    print(f"The portal in {home.path} {what}: {url}")
    return 0 if state.get("state") == "running" else 1


def _again(arguments: argparse.Namespace) -> list[str]:
    given = vars(arguments)
    words = []
    for name in ("port", "host", "region"):
        if given.get(name) is not None:
            words += [f"--{name}", str(given[name])]
    words += [f"--{name.replace('_', '-')}" for name in ("no_demo", "for_tests") if given.get(name)]
    return words


def _ignore_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def supervise(home: Home, arguments: argparse.Namespace) -> int:
    """Be the parent of all parts (internal: ``start`` runs this in a session of its own)."""
    pipe = arguments.tell
    os.set_inheritable(pipe, False)
    ended = False

    def tell(event: dict[str, Any]) -> None:
        nonlocal ended
        if ended:
            return
        os.write(pipe, (json.dumps(event) + "\n").encode())
        if event["event"] in {"ready", "failed", "held"}:
            os.close(pipe)
            ended = True

    if not home.acquire():
        tell({"event": "held"})
        return 1
    # The log folder is private, and so is all that parts make without saying otherwise.
    os.umask(0o077)
    try:
        plan = planning.make(home, _options(arguments))
    except StackError as error:
        tell({"event": "failed", **error.to_dict()})
        return 1
    return Supervisor(home, plan, tell).run()


def stop(home: Home, arguments: argparse.Namespace) -> int:
    """Stop the portal of this home and wait until nothing of it runs."""
    if not home.is_held():
        # A supervisor that was killed took its parts along; make sure of it.
        if home.path.exists() and home.acquire():
            end_leftovers(home.path)
            home.release()
        print(f"No portal runs in {home.path}.")
        return 0
    pid = home.state().get("pid")
    began = time.monotonic()
    if isinstance(pid, int) and alive(pid):
        try:
            os.kill(pid, signal.SIGTERM)
        except PermissionError:
            raise StackError("Stop", "The portal belongs to another user.",
                             "Stop it as that user.") from None
    while home.is_held():
        if time.monotonic() - began > STOP_SECONDS:
            with contextlib.suppress(OSError):
                os.kill(int(pid), signal.SIGKILL)
            time.sleep(0.5)
            if home.acquire():
                end_leftovers(home.path)
                home.release()
            break
        time.sleep(0.1)
    # The lock is freed a moment before the process is gone.
    while isinstance(pid, int) and alive(pid) and time.monotonic() - began < STOP_SECONDS + 10:
        time.sleep(0.05)
    print(f"Stopped in {time.monotonic() - began:.1f} s, nothing is left running.")
    return 0


def status(home: Home, arguments: argparse.Namespace) -> int:
    """Print what runs; the exit code is 0 when the portal is up, 3 when not."""
    held = home.path.exists() and home.is_held()
    state = home.state() if home.path.exists() else {}
    report = {
        "state": state.get("state", "starting") if held else "stopped",
        "url": state.get("url"), "ini": str(home.ini), "python": sys.executable,
        "home": str(home.path), "pid": state.get("pid") if held else None,
        "started": state.get("started") if held else None,
        "parts": {
            name: part if held else {**part, "state": "stopped", "pid": None}
            for name, part in state.get("parts", {}).items()
        },
    }
    if held and state.get("test"):
        report["test"] = state["test"]
    if arguments.json:
        print(json.dumps(report, indent=2))
    else:
        print(f"{report['state']:10} {report['url'] or ''}   home {home.path}")
        for name, part in report["parts"].items():
            pid = part["pid"] or ""
            again = f"  restarted {part['restarts']} times" if part["restarts"] else ""
            print(f"  {name:10} {part['state']:9} {pid!s:>8}  {part['address']}{again}")
    return 0 if report["state"] == "running" else 3


def logs(home: Home, arguments: argparse.Namespace) -> int:
    """Print the last lines of one log or all."""
    found = sorted(home.logs.glob("*.log")) if home.logs.exists() else []
    names = [path.stem for path in found]
    if arguments.part:
        found = [path for path in found if path.stem == arguments.part]
        if not found:
            raise StackError("Logs", f"There is no log '{arguments.part}' in {home.logs}.",
                             f"One of: {', '.join(names) or 'none yet, start the portal first'}")
    for path in found:
        if len(found) > 1:
            print(f"==> {path} <==")
        lines = path.read_bytes()[-500_000:].decode("utf-8", "replace").splitlines()
        print("\n".join(lines[-max(arguments.lines, 1):]))
    return 0


def reset(home: Home, arguments: argparse.Namespace) -> int:
    """Stop the portal and delete its home: database, files, index, settings."""
    if not home.path.exists():
        print(f"There is nothing in {home.path}.")
        return 0
    if not (home.lock_file.exists() and home.logs.is_dir()):
        raise StackError("Reset", f"{home.path} is not the home of a portal.",
                         "Nothing was deleted. Name the folder: --home DIR")
    if not arguments.yes:
        raise StackError("Reset", f"This deletes all data in {home.path}.",
                         "If that is what you want: ./deploy/portal reset --yes")
    stop(home, arguments)
    if not home.acquire():
        raise StackError("Reset", "Another process started the portal just now.", "Stop it first.")
    sockets = home.socket_dir()
    if not sockets.is_relative_to(home.path):
        shutil.rmtree(sockets, ignore_errors=True)
    _empty(home.path)
    home.release()
    home.lock_file.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        home.path.rmdir()
    print(f"All data in {home.path} are deleted.")
    return 0


def _empty(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.name == "lock":
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


if __name__ == "__main__":
    sys.exit(main())
