"""Write the next edition of a dataset into its working copy, as its producer would."""
from __future__ import annotations

import io
from typing import Any

from ckan.lib.munge import munge_filename
from werkzeug.datastructures import FileStorage

from ckanext.satudata.demo.acting import act
from ckanext.satudata.domain.demo.package import Said
from ckanext.satudata.domain.demo.tables import Table

__all__ = ["write"]


def write(person: str, package_id: str, before: Said, after: Said) -> None:
    """Change what differs: fields, files, and the rows of their tables.

    :param package_id: of the working copy, which says ``before``
    """
    fields = {name: value for name, value in after.fields.items()
              if before.fields.get(name) != value}
    shown = act("package_patch", person, id=package_id, **fields)
    for name, (table, content) in after.files.items():
        if before.files[name][1] != content:
            [resource] = [each for each in shown["resources"]
                          if each["url"].rpartition("/")[2] == munge_filename(name)]
            _replace(person, resource, name, table, content)


def _replace(
    person: str, resource: dict[str, Any], name: str, table: Table, content: bytes
) -> None:
    if resource.get("datastore_active"):  # first: a table of other bytes is not inherited
        named = {"resource_id": resource["id"], "force": True}
        act("datastore_delete", person, **named, filters={})
        act("datastore_upsert", person, **named, method="insert", records=[
            dict(zip(table.header, row, strict=True)) for row in table.rows])
    act("resource_patch", person, id=resource["id"],
        upload=FileStorage(io.BytesIO(content), name))
