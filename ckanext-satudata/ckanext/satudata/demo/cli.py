"""``ckan satudata demo``."""
from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import click

from ckanext.satudata import config
from ckanext.satudata.demo import removal, service
from ckanext.satudata.domain.demo.region import Region
from ckanext.satudata.domain.errors import UnknownCodeError
from ckanext.satudata.shared.language import default_language

__all__ = ["command"]


def command(load: Callable[..., Any], show: Callable[..., None]) -> click.Command:
    """Return the command.

    :param load: loads a plan in the name of a user and returns a report.
    :param show: prints a report.
    """

    @click.command("demo", short_help="Make the illustrative region, or remove it.")
    @click.option(
        "--region", help="Code of a kabupaten or kota (default: ckanext.satudata.wilayah)."
    )
    @click.option("--purge", is_flag=True, help="Remove exactly what this command made.")
    def demo(region: str | None, purge: bool) -> None:
        """Fill the portal with an invented kabupaten or kota: agencies, users, 40 datasets.

        Codes of areas are real, every figure is generated and marked "data contoh".
        A second run changes nothing.
        """
        with default_language():
            run(region, purge)

    def run(region: str | None, purge: bool) -> None:
        user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        code = region or (service.current_region() if purge else None) or config.wilayah()
        try:
            place = Region(code)
        except UnknownCodeError:
            click.secho(tk._("{code} bukan kode kabupaten/kota. Contoh: 36.04.").format(code=code),
                        fg="red", err=True)
            sys.exit(1)
        if purge:
            _purge(place, user)
        else:
            _make(place, user, load, show)

    return demo


def _make(place: Region, user: str, load: Callable[..., Any], show: Callable[..., None]) -> None:
    start = time.monotonic()
    try:
        made = service.make(place, user, lambda plan: load(plan, user, only_new=True, ours=True),
                            dt.datetime.now(config.zona_waktu()))
    except service.OtherRegionError as error:
        click.secho(tk._(
            "Portal ini sudah berisi data contoh wilayah {code}. "
            "Hapus dulu dengan ckan satudata demo --purge.").format(code=error.code),
            fg="red", err=True)
        sys.exit(1)
    except service.OtherWalidataError as error:
        click.secho(tk._(
            "Walidata daerah contoh adalah {name}. Tulis ckanext.satudata.walidata = {name} di "
            "berkas konfigurasi, lalu jalankan lagi.").format(name=error.wanted),
            fg="red", err=True)
        sys.exit(1)
    show(made.report, everything=False)
    click.echo(tk._("Data contoh {name}: {organizations} organisasi baru, {users} akun baru, "
                    "{seconds} detik.").format(
        name=place.name, organizations=made.organizations, users=len(made.users),
        seconds=f"{time.monotonic() - start:.1f}"))
    if made.link:
        click.echo(tk._("Tautan setor contoh, dibuka tanpa akun: {url}").format(url=made.link))
    if made.password:
        click.echo(tk._("Akun: {names}").format(names=", ".join(made.users)))
        click.echo(
            tk._("Kata sandi semua akun contoh: {password}").format(password=made.password))
        click.echo(tk._(
            "Catat sekarang: portal hanya menyimpan sidiknya. Bila ./deploy/portal yang "
            "menjalankan, keluaran ini tersimpan dan terbaca lagi dengan ./deploy/portal logs "
            "demo."))
    sys.exit(1 if made.report.failed else 0)


def _purge(place: Region, user: str) -> None:
    removed = removal.remove(place, user)
    click.echo(
        tk._("Dihapus: {datasets} dataset, {organizations} organisasi, {users} akun.").format(
            datasets=removed.datasets, organizations=removed.organizations, users=removed.users
        )
    )
    if removed.kept:
        click.secho(tk._("Tidak dihapus karena memuat data lain: {names}").format(
            names=", ".join(removed.kept)), fg="yellow")
    if removed.lists:
        click.secho(tk._(
            "Kode referensi yang diubah akun contoh tetap seperti sekarang: {names}. Yang hanya "
            "percobaan dapat dibatalkan di riwayat daftarnya, misalnya {address}.").format(
                names=", ".join(removed.lists),
                address=tk.h.url_for("satudata_vocabulary_editing.versions", locale="default",
                                     name=removed.lists[0], qualified=True)), fg="yellow")
