"""``ckan satudata versions``: what was public before versions were kept becomes one."""
from __future__ import annotations

import logging
import sys
import time

import ckan.model as model
import ckan.plugins.toolkit as tk
import click

from ckanext.satudata.shared.console import Progress
from ckanext.satudata.shared.language import default_language
from ckanext.satudata.versions import moving_in

__all__ = ["versions"]

log = logging.getLogger(__name__)


@click.group(short_help="Versions of published data.")
def versions() -> None:
    """Look after the versions of published data."""


@versions.command()
def init() -> None:
    """Take in what was public before versions were kept, as version 1 or the number it has.

    Files stored before this extension are put under their hash, and addresses of restricted
    files are withheld. One dataset a commit: broken off, begin again. Exit code 1 if one fails;
    the others are taken in all the same.
    """
    with default_language():
        start, user = time.monotonic(), _site_user()
        waiting = moving_in.waiting()
        done = failed = 0
        with Progress(tk._("Mencatat versi"), len(waiting)) as progress:
            for package_id, title in waiting:
                try:
                    taken = moving_in.take_in(package_id, user)
                except Exception as error:  # one dataset must not stop the upgrade of the others
                    model.Session.rollback()
                    log.exception("Dataset %s", package_id)
                    failed += 1
                    click.secho(tk._("Gagal: {title} ({id}): {error}").format(
                        title=title, id=package_id, error=_words(error)), fg="red", err=True)
                else:
                    done += taken.number is not None
                    _tell(title, package_id, taken)
                progress.step()
        click.echo(tk._(
            "{done} dataset dicatat sebagai versi, {failed} gagal. {seconds} detik.").format(
            done=done, failed=failed,
            seconds=f"{time.monotonic() - start:.1f}".replace(".", ",")))
        if failed:
            click.echo(tk._("Perbaiki yang gagal, lalu jalankan lagi perintah ini: yang sudah "
                            "tercatat tidak diulang."))
        sys.exit(1 if failed else 0)


def _tell(title: str, package_id: str, taken: moving_in.TakenIn) -> None:
    if taken.lacks:
        click.secho(tk._(
            "{title} ({id}): aksesnya dibatasi, tetapi masih kurang: {lacks}. Berkasnya tetap "
            "tertutup. Lengkapi lewat versi baru, atau minta Walidata menariknya.").format(
                title=title, id=package_id, lacks="; ".join(tk._(each) for each in taken.lacks)),
            fg="yellow", err=True)
    for name in taken.missing:
        click.secho(tk._(
            "{title} ({id}): berkas {name} tidak ada di penyimpanan, jadi tidak ikut tercatat. "
            "Unggah lagi berkas itu.").format(title=title, id=package_id, name=name),
            fg="yellow", err=True)


def _words(error: Exception) -> str:
    if isinstance(error, tk.ValidationError):
        return "; ".join(str(each) for each in error.error_summary.values())
    return str(error).splitlines()[0][:300] if str(error) else type(error).__name__


def _site_user() -> str:
    return tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
