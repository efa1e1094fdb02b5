"""The command group ``ckan satudata``; each room adds its own commands."""
from __future__ import annotations

import click

from ckanext.satudata.demo import cli as demo
from ckanext.satudata.federation.feed.cli import feed
from ckanext.satudata.files.cli import files
from ckanext.satudata.loading.cli import load, print_report
from ckanext.satudata.loading.service import load_plan
from ckanext.satudata.notices.cli import outbox
from ckanext.satudata.shared.scheduler import scheduler
from ckanext.satudata.usage.cli import usage
from ckanext.satudata.versions.cli import versions
from ckanext.satudata.vocabulary.cli import vocabulary

__all__ = ["get_commands", "satudata"]


@click.group(short_help="Satu Data Indonesia: load data, demo region, checks.")
def satudata() -> None:
    """Commands of ckanext-satudata."""


satudata.add_command(load)
satudata.add_command(demo.command(load_plan, print_report))
satudata.add_command(feed)
satudata.add_command(files)
satudata.add_command(outbox)
satudata.add_command(scheduler)
satudata.add_command(usage)
satudata.add_command(versions)
satudata.add_command(vocabulary)


def get_commands() -> list[click.Command]:
    """Return the groups CKAN's ``ckan`` command gets."""
    return [satudata]
