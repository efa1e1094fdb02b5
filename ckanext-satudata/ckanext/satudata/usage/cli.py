"""``ckan satudata usage``: figures of use for a report, and taking over what waits."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import click

from ckanext.satudata.usage import store, tables

__all__ = ["usage"]


@click.group(short_help="How often data was used.")
def usage() -> None:
    """How often data was used."""


@usage.command()
def settle() -> None:
    """Take over what was counted since the last time; the scheduler does so each minute."""
    click.echo(f"{store.settle()} heaps taken over", err=True)


@usage.command()
@click.argument("name", type=click.Choice(list(tables.FILES)), default="instansi-bulan")
@click.option("--since", default="", help="First day, YYYY-MM-DD.")
@click.option("--until", default="", help="Last day.")
@click.option("--org", default="", help="Name of one organization.")
def export(name: str, since: str, until: str, org: str) -> None:
    """Write figures of all data as CSV."""
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]

    def context() -> dict[str, Any]:
        return {"user": user}

    try:
        for line in tables.lines(context, name, {
                "since": since, "until": until, "organization": org}):
            click.echo(line.replace("\r\n", "\n"), nl=False)
    except tk.ValidationError as error:
        raise click.ClickException("; ".join(map(str, error.error_summary.values()))) from error
