"""``ckan satudata load``."""
from __future__ import annotations

import sys
from pathlib import Path

import ckan.plugins.toolkit as tk
import click

from ckanext.satudata.domain.loading.problems import LoadError
from ckanext.satudata.loading import service
from ckanext.satudata.loading.report import CHANGED, CREATED, FAILED, UNCHANGED, Outcome, Report
from ckanext.satudata.shared.language import default_language

__all__ = ["load", "print_report"]


@click.command(short_help="Load datasets from a folder with a manifest, or from single files.")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--org", help="Name of the producing organization, for what names none.")
@click.option("--user", help="Act as this user (default: the site user).")
@click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing.")
@click.option("--sudah-terbit", "online", is_flag=True,
              help="These data stood online before this portal: publish them, marked as not "
                   "inspected. The audit trail keeps who ran this.")
def load(path: Path, org: str | None, user: str | None, dry_run: bool, online: bool) -> None:
    """Create or update datasets from PATH.

    PATH is a folder with manifest.csv or datapackage.json, a folder of files, or
    one file. New datasets are drafts. The exit code is 1 if anything failed.
    """
    with default_language():
        name = user or site_user()
        try:
            with Shower(dry_run) as shower:
                report = service.load(path, name, org, dry_run, progress=shower, online=online)
        except LoadError as error:
            click.secho(error.problem.text(tk._), fg="red", err=True)
            sys.exit(1)
        print_report(report)
        if report.count(CREATED) and not online and not dry_run:
            click.echo(tk._("Dataset baru berstatus draf: baru tampil untuk publik setelah "
                            "dikirim untuk diperiksa dan disetujui."))
        sys.exit(1 if report.failed else 0)


def site_user() -> str:
    """Return the name of CKAN's own user."""
    return tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]


class Shower:
    """Shows progress: a bar on a terminal, a line per dataset anywhere else."""

    def __init__(self, dry_run: bool = False) -> None:
        self._dry_run = dry_run
        self._bar: click._termui_impl.ProgressBar | None = None  # type: ignore[name-defined]

    def __enter__(self) -> Shower:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.render_finish()

    def __call__(self, done: int, total: int, outcome: Outcome) -> None:
        if not sys.stderr.isatty():
            click.echo(f"[{done}/{total}] {outcome.title}: "
                       f"{outcome.word(self._dry_run, tk._)}", err=True)
            return
        if self._bar is None:
            self._bar = click.progressbar(
                length=total, label=tk._("Memuat"), file=sys.stderr, show_pos=True)
            self._bar.render_progress()
        self._bar.update(1)


def print_report(report: Report, everything: bool = True) -> None:
    """Print the summary table, then every problem with its place, then the totals."""
    if report.outcomes and everything:
        headers = [tk._("Dataset"), tk._("Tindakan"), tk._("Berkas"), tk._("Baris"),
                   tk._("Detik"), tk._("Catatan")]
        rows = [
            [_short(o.title, 48), o.word(report.dry_run, tk._), str(o.files), str(o.rows),
             f"{o.seconds:.1f}", _short(o.remark(tk._), 90)]
            for o in report.outcomes
        ]
        click.echo()
        click.echo(_table(headers, rows))
    problems = report.all_problems()
    if problems:
        click.echo()
        click.secho(tk._("Yang perlu diperbaiki:"), bold=True)
        for problem in problems:
            click.secho(f"  {problem.text(tk._)}", fg="red" if problem.fatal else "yellow")
    click.echo()
    template = tk._(
        "{created} dibuat, {changed} diperbarui, {unchanged} tidak berubah, {failed} gagal"
    )
    if report.dry_run:
        template = tk._("Akan {created} dibuat, {changed} diperbarui, {unchanged} tidak berubah, "
                        "{failed} gagal. Tidak ada yang ditulis.")
    click.echo(template.format(
        created=report.count(CREATED), changed=report.count(CHANGED),
        unchanged=report.count(UNCHANGED), failed=report.count(FAILED)))


def _short(text: str, width: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 1] + "…"


def _table(headers: list[str], rows: list[list[str]]) -> str:
    numeric = {2, 3, 4}
    widths = [max(len(row[i]) for row in [headers, *rows]) for i in range(len(headers))]
    lines = []
    for row in [headers, ["-" * width for width in widths], *rows]:
        cells = [
            cell.rjust(width) if i in numeric else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
