"""``ckan satudata vocabulary``: lists of codes taken in and given out, and what was changed."""
from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import click
from ckan.plugins.toolkit import _

from ckanext.satudata.domain.inspection.notes import RefusedFile
from ckanext.satudata.domain.vocabulary import COLUMNS, row_of
from ckanext.satudata.domain.vocabulary_changes.changes import Effect
from ckanext.satudata.domain.vocabulary_changes.reading import read_safely
from ckanext.satudata.shared.language import default_language
from ckanext.satudata.vocabulary import editing, editing_present
from ckanext.satudata.vocabulary.editing import Order

__all__ = ["vocabulary"]


@click.group(short_help="Lists of codes: import, export, log.")
def vocabulary() -> None:
    """Change the lists of codes from files, and read what was changed."""


def _find(name: str) -> Any:
    try:
        return editing.find(name)
    except tk.ObjectNotFound as error:
        raise click.ClickException(str(error)) from None
    except tk.ValidationError as error:
        raise click.ClickException(" ".join(error.error_dict["name"])) from None


@vocabulary.command("import")
@click.argument("name")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--apply", is_flag=True, help="Make it a version; without it nothing is changed.")
@click.option("--retire-absent", is_flag=True, help="Retire codes the file does not name.")
@click.option("--partly", is_flag=True, help="Take the right rows though others are refused.")
@click.option("--note", default="", help="Why; kept with the version.")
def take(
    name: str, file: Path, apply: bool, retire_absent: bool, partly: bool, note: str
) -> None:
    """Compare FILE (CSV, JSON, SKOS) with the list NAME and say what would change.

    Exit code 1 if rows are refused or nothing could be taken.
    """
    with default_language():
        known = _find(name)
        try:
            given = read_safely(file.read_bytes(), address=file.name)
        except RefusedFile as refused:
            raise click.ClickException(refused.message.text(_)) from None
        source = {"file": file.name, "form": given.form, "scheme": given.scheme}
        order = Order(name, given.rows, "impor", known.version, note[:1000], source,
                      retire_absent, partly)
        found = editing.weigh(order)
        for each in found.changes:
            click.echo(f"{each.effect.value:14} {each.code}")
        for each in found.refused:
            click.secho(f"{each.place}: {each.code}: {each.why.text(_)}", fg="red", err=True)
        click.echo(", ".join(f"{len(found.of(each))} {each.value}" for each in Effect)
                   + f", {len(found.unchanged)} " + _("sama")
                   + f", {len(found.refused)} " + _("ditolak"))
        if apply:
            try:
                made = editing.decide(None, order)
            except tk.ValidationError as error:
                raise click.ClickException("; ".join(
                    str(text) for texts in error.error_dict.values() for text in texts)) from None
            click.echo(_("{judul} sekarang versi {nomor}.").format(
                judul=known.title(), nomor=made.number))
        sys.exit(1 if found.refused and not (apply and partly) else 0)


@vocabulary.command("export")
@click.argument("name")
@click.option("--version", type=click.IntRange(0), help="As it was in this version.")
def give(name: str, version: int | None) -> None:
    """Write the list NAME to standard output as CSV, in the columns that import reads."""
    with default_language():
        try:
            known = _find(name) if version is None else editing.as_of(name, version)[0]
        except tk.ObjectNotFound as error:
            raise click.ClickException(str(error)) from None
        writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(map(row_of, known))


@vocabulary.command("log")
@click.argument("name")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
def log(name: str, limit: int) -> None:
    """Say what was changed of the list NAME, newest first."""
    with default_language():
        _find(name)
        for each in editing_present.versions(editing.versions(name, limit, 0)[1], named=True):
            click.echo(f"{each['number']:5}  {each['at'][:16]}  {each['codes']:6}  "
                       f"{each['kind_label']}  {each['actor']}  {each['note']}".rstrip())
