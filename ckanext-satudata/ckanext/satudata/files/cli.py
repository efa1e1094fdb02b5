"""``ckan satudata files``: stored files collected, checked, taken to another storage."""
from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ckan.plugins.toolkit as tk
import click
from ckan.lib import files as storages

from ckanext.satudata.files import checking, collecting, copying
from ckanext.satudata.files.checking import Owner, Trouble
from ckanext.satudata.shared import blobs
from ckanext.satudata.shared.console import Progress, megabytes
from ckanext.satudata.shared.language import default_language
from ckanext.satudata.shared.storage_errors import StorageTroubleError, said

__all__ = ["files"]


@click.group(short_help="Stored files: delete unneeded ones, check, copy to S3.")
def files() -> None:
    """Look after the stored files."""


@contextmanager
def _in_words() -> Iterator[None]:
    """Say what is wrong with a storage, and end with exit code 1."""
    with default_language():
        try:
            with said():
                yield
        except StorageTroubleError as error:
            click.secho(tk._(error.message), fg="red", err=True)
            click.echo(str(error), err=True)
            sys.exit(1)


@files.command()
@click.option("--dry-run", is_flag=True, help="Say what would be deleted and delete nothing.")
@click.option("--grace", type=click.IntRange(0), default=7, show_default=True, metavar="DAYS",
              help="How long a file stays after the last thing that needed it is gone; at least "
                   "an hour.")
def gc(dry_run: bool, grace: int) -> None:
    """Delete stored files nobody needs any more.

    What a dataset, a draft, a version or its snapshot refers to stays. Run it as often as you
    like: what nobody needs is only marked the first time and deleted once the grace is over.
    """
    with _in_words():
        start = time.monotonic()
        try:
            with Progress(tk._("Menghitung berkas"), 0) as progress:
                result = collecting.collect(dt.timedelta(days=grace), dry_run, progress.count)
        except collecting.CollectingError:
            click.secho(tk._("Perintah ini sedang berjalan di tempat lain. Tunggu sampai selesai."),
                        fg="red", err=True)
            sys.exit(1)
        template = tk._(
            "{stored} berkas tersimpan. Dihapus: {removed} berkas ({size}) dan {aside} unggahan "
            "yang putus. Menunggu masa tenggang {grace} hari: {waiting}. {seconds} detik.")
        if dry_run:
            template = tk._(
                "{stored} berkas tersimpan. Akan dihapus: {removed} berkas ({size}) dan {aside} "
                "unggahan yang putus. Menunggu masa tenggang {grace} hari: {waiting}. Tidak ada "
                "yang dihapus. {seconds} detik.")
        click.echo(template.format(
            stored=result.stored, removed=result.removed, size=megabytes(result.size),
            aside=result.aside, grace=grace, waiting=result.waiting,
            seconds=_seconds(time.monotonic() - start)))


@files.command()
@click.option("--quick", is_flag=True,
              help="Only that each file is there; without, every byte is read and hashed.")
def check(quick: bool) -> None:
    """Check that every file somebody needs is there and is what its hash says.

    Exit code 1 if one is not; each is named with dataset, version and file.
    """
    with _in_words():
        start, read, wrong = time.monotonic(), 0, 0
        count = checking.total()
        with Progress(tk._("Memeriksa berkas"), count) as progress:
            def looked(size: int) -> None:
                nonlocal read
                read += size
                progress.step()

            for each in checking.check(looked, quick):
                wrong += 1
                _tell(each.place, each.trouble, each.owners)
        seconds = time.monotonic() - start
        if quick:
            click.echo(tk._("{count} berkas dicari, {wrong} bermasalah. {seconds} detik.").format(
                count=count, wrong=wrong, seconds=_seconds(seconds)))
        else:
            click.echo(tk._(
                "{count} berkas ({size}) diperiksa, {wrong} bermasalah. {seconds} detik, {speed} "
                "per detik.").format(
                count=count, size=megabytes(read), wrong=wrong, seconds=_seconds(seconds),
                speed=megabytes(read / max(seconds, 0.001))))
        if wrong:
            click.echo(tk._(
                "Pulihkan berkas dari cadangan ke tempat yang disebut, atau unggah lagi berkas "
                "yang sama persis."))
        _tell_versioning()
        sys.exit(1 if wrong else 0)


def _tell(place: str, trouble: Trouble, owners: list[Owner]) -> None:
    what = (tk._("Hilang: {place}") if trouble is Trouble.MISSING else
            tk._("Isinya bukan yang semestinya: {place}"))
    click.secho(what.format(place=place), fg="red")
    for each in owners:
        if each.number is None:
            line = tk._("  {title} ({name}), berkas {filename}")
        else:
            line = tk._("  {title} ({name}), versi {number}, berkas {filename}")
        click.echo(line.format(title=each.title or each.package_id, name=each.name or "-",
                               number=each.number, filename=each.filename or "-"))


def _tell_versioning() -> None:
    storage = blobs.storage()
    if hasattr(storage, "keeps_old") and storage.keeps_old():
        click.secho(tk._(
            "Bucket ini menyimpan versi lama dari yang dihapus. Matikan versioning atau pasang "
            "lifecycle, sebab berkas berisi data pribadi yang dimusnahkan masih tersimpan di "
            "sana."), fg="yellow")


@files.command()
@click.option("--to", "target", required=True, metavar="NAME",
              help="The storage to copy to, as named in ckan.files.storage.NAME.type.")
@click.option("--from", "source", metavar="NAME",
              help="The storage to copy from (default: the one files are kept in now).")
def copy(target: str, source: str | None) -> None:
    """Copy every stored file to another storage, as from a folder to S3.

    Begun again, it goes on where it broke off. Nothing is deleted. Exit code 1 if a file is not
    what its hash says.
    """
    with _in_words():
        kept, into = _named(source), _named(target)
        if kept is into:
            click.secho(tk._("Kedua penyimpanan itu sama. Sebut yang lain dengan --to atau "
                             "--from."), fg="red", err=True)
            sys.exit(1)
        start = time.monotonic()
        with Progress(tk._("Menyalin berkas"), copying.total(kept)) as progress:
            result = copying.copy(kept, into, lambda _size: progress.step())
        click.echo(tk._(
            "{count} berkas ({size}) disalin, {there} sudah ada, {broken} rusak. {seconds} detik."
        ).format(count=result.files, size=megabytes(result.size), there=result.there,
                 broken=len(result.broken), seconds=_seconds(time.monotonic() - start)))
        for each in result.broken:
            click.secho(tk._("Tidak disalin, isinya bukan yang semestinya: {place}").format(
                place=each), fg="red")
        sys.exit(1 if result.broken else 0)


def _named(name: str | None) -> Any:
    if name is None:
        return blobs.storage()
    try:
        return storages.get_storage(name)
    except storages.exc.UnknownStorageError:
        click.secho(tk._(
            "Tidak ada penyimpanan bernama {name}. Yang ada: {names}. Tulis "
            "ckan.files.storage.{name}.type dan pilihan lainnya di berkas konfigurasi.").format(
            name=name, names=", ".join(sorted(storages.storages))), fg="red", err=True)
        sys.exit(1)


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f}".replace(".", ",")
