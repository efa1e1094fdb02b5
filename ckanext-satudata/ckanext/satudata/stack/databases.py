"""Roles and databases in PostgreSQL: made where missing, never changed.

CKAN works as role ``ckan``, which owns its databases and is no superuser; the datastore
is read as ``datastore_ro``, which may only read.
"""
from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from typing import Any

from ckanext.satudata.stack.errors import StackError

__all__ = ["OWNER", "READER", "SUPERUSER", "create"]

STEP = "Databases"
OWNER, READER = "ckan", "datastore_ro"
#: Environment variable that hands a child the superuser's address: every user of the machine
#: can read the arguments of a process, only its owner the environment.
SUPERUSER = "SATUDATA_SUPERUSER_URL"


def create(url: str, names: Sequence[str]) -> list[str]:
    """Make the roles and databases that are missing; return the databases made.

    :param url: of a role that may make roles and databases
    """
    import psycopg2
    from psycopg2 import sql

    made = []
    connection: Any = psycopg2.connect(url, connect_timeout=10)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for role in (OWNER, READER):
                cursor.execute("select 1 from pg_roles where rolname = %s", [role])
                if cursor.fetchone() is None:
                    cursor.execute(sql.SQL("create role {} login").format(sql.Identifier(role)))
            for name in names:
                cursor.execute("select 1 from pg_database where datname = %s", [name])
                if cursor.fetchone() is None:
                    cursor.execute(
                        sql.SQL("create database {} owner {} encoding 'UTF8' template template0")
                        .format(sql.Identifier(name), sql.Identifier(OWNER)))
                    # Only the owner connects; the reader is let in to the datastore alone.
                    cursor.execute(sql.SQL("revoke connect, temporary on database {} from public")
                                   .format(sql.Identifier(name)))
                    made.append(name)
    finally:
        connection.close()
    return made


def run_script(url: str, script: str) -> None:
    """Run a script as that role, in one transaction."""
    import psycopg2

    connection: Any = psycopg2.connect(url, connect_timeout=10)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(script)
    finally:
        connection.close()


def main() -> int:
    """``databases.py NAME...`` for the supervisor, with the address in the environment."""
    import psycopg2

    try:
        create(os.environ[SUPERUSER], sys.argv[1:])
    except psycopg2.Error as error:
        failed = StackError(STEP, str(error).strip(), "See ./deploy/portal logs postgres")
        print("ERROR " + json.dumps(failed.to_dict()), flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
