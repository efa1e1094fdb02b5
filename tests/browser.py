"""A real browser: Chromium from npm's registry, driven by Playwright.

Fetched once an environment, by the lock file beside; it needs nothing of the machine but glibc.
"""
from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from ckanext.satudata.stack import vendor

__all__ = ["DESKTOP", "PHONE", "fetched", "launched", "phone", "signed_in", "throttled"]

PACKAGE = Path(__file__).parent / "browser_package"
PHONE, DESKTOP = (360, 740), (1280, 900)
#: Bytes a second and milliseconds of a village's line: about 400 kbit/s.
SLOW, LATENCY = 50_000, 400
_UNPACK = """
const fs = require("fs"), zlib = require("zlib");
for (const name of ["chromium", "al2023.tar", "fonts.tar"])
  fs.writeFileSync(process.argv[2] + "/" + name, zlib.brotliDecompressSync(
    fs.readFileSync(process.argv[1] + "/" + name + ".br"), {maxOutputLength: 1 << 30}));
"""


def fetched() -> Path:
    """Return the folder of the browser, fetched and unpacked where it is not yet there."""
    lock = PACKAGE / "package-lock.json"
    place = Path(sys.prefix) / "satudata-browser" / hashlib.sha256(
        lock.read_bytes()).hexdigest()[:16]
    place.parent.mkdir(exist_ok=True)
    with (place.parent / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if place.exists():
            return place
        root = Path(__file__).resolve().parents[2]
        npm = vendor.npm(root)
        assert npm, "npm is not here. Run the tests with ./deploy/test, which brings it."
        bin_ = Path(npm[0]).parent
        paths = os.pathsep.join([str(bin_), os.environ.get("PATH", os.defpath)])
        with tempfile.TemporaryDirectory(dir=place.parent) as name:
            aside = Path(name)
            for each in PACKAGE.glob("*.json"):
                shutil.copy(each, aside)
            said = subprocess.run(
                [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=aside,
                capture_output=True, text=True, env=vendor.environment(npm[0]))
            assert said.returncode == 0, said.stdout + said.stderr
            made = aside / "made"
            made.mkdir()
            packed = aside / "node_modules" / "@sparticuz" / "chromium" / "bin"
            subprocess.run(["node", "-e", _UNPACK, str(packed), str(made)], check=True,
                           env={**os.environ, "PATH": paths})
            for each in made.glob("*.tar"):
                with tarfile.open(each) as content:
                    content.extractall(made, filter="data")
                each.unlink()
            # Only the fonts that come along, whatever the machine has.
            (made / "fonts.conf").write_text(
                f"<fontconfig><dir>{place}/fonts</dir><cachedir>{place}/cache</cachedir>"
                "</fontconfig>")
            (made / "chromium").chmod(0o755)
            made.rename(place)
    return place


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser for a run of tests."""
    place = fetched()
    with tempfile.TemporaryDirectory(prefix="satudata-browser-") as home, sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=place / "chromium", headless=True,
            args=["--headless=shell", "--no-sandbox", "--disable-gpu"],
            env={**os.environ, "HOME": home, "LD_LIBRARY_PATH": str(place / "lib"),
                 "FONTCONFIG_FILE": str(place / "fonts.conf")})
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def phone(browser: Browser, size: tuple[int, int] = PHONE) -> Iterator[Page]:
    """A window of somebody's own, as wide as a small phone unless said otherwise."""
    context: BrowserContext = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="id-ID",
        has_touch=size == PHONE, is_mobile=size == PHONE)
    page = context.new_page()
    page.set_default_timeout(60_000)
    try:
        yield page
    finally:
        context.close()


def throttled(page: Page, rate: int = SLOW, latency: int = LATENCY, offline: bool = False) -> Any:
    """Let a window have a slow line, or none; return what changes it again."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", {
        "offline": offline, "latency": latency, "downloadThroughput": rate,
        "uploadThroughput": rate})
    return session


def signed_in(page: Page, url: str, name: str, password: str) -> None:
    """Sign in through the form."""
    page.goto(f"{url}/user/login")
    page.fill("#field-login", name)
    page.fill("#field-password", password)
    with page.expect_navigation():
        page.evaluate("document.querySelector('#field-password').form.submit()")
