"""What CKAN needs before it can serve: tables, the datastore's permissions, a sysadmin.

One process for what would be five ``ckan`` commands, for each loads CKAN for seconds.
All of it is repeatable. CKAN is imported inside functions: nothing else in ``stack``
may load it, and this module is only run in a process of its own.
"""
from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
from typing import Any

from ckanext.satudata.stack.databases import SUPERUSER
from ckanext.satudata.stack.errors import StackError

__all__ = ["main"]

STEP = "CKAN set-up"
SYSADMIN = "admin"


def main() -> int:
    """Run for the supervisor, which reads the lines ERROR and RESULT."""
    parser = argparse.ArgumentParser()
    parser.add_argument("ini")
    parser.add_argument("--sysadmin", action="store_true",
                        help="make a sysadmin where there is none")
    args = parser.parse_args()
    try:
        app = _load(args.ini)
        _migrate()
        _datastore_permissions(os.environ.get(SUPERUSER, ""))
        _script_translations(app)
        result = _sysadmin(app) if args.sysadmin else {}
    except StackError as error:
        print("ERROR " + json.dumps(error.to_dict()), flush=True)
        return 1
    print("RESULT " + json.dumps(result), flush=True)
    return 0


def _load(ini: str) -> Any:
    from ckan.cli import load_config
    from ckan.config.middleware import make_app
    from ckan.exceptions import CkanConfigurationException

    try:
        return make_app(load_config(ini))._wsgi_app
    except CkanConfigurationException as error:
        raise StackError(STEP, str(error), f"Mend {ini} and start again.") from error


def _migrate() -> None:
    """Bring CKAN's and the plugins' tables up to the installed versions."""
    from ckan.cli import db

    db._run_migrations("", "head")
    for plugin in sorted(db._get_pending_plugins()):
        db._run_migrations(plugin)


def _script_translations(app: Any) -> None:
    """Write the words of CKAN's scripts in each language; only ``ckan run`` does it by itself."""
    from ckan.lib.i18n import build_js_translations

    with app.test_request_context():
        try:
            build_js_translations()
        except OSError as error:  # CKAN installed by another user: its scripts stay English
            print(f"Script translations not written: {error}", file=sys.stderr)


def _datastore_permissions(superuser: str) -> None:
    """Let the reading role read and nothing else, as ``ckan datastore set-permissions`` says.

    Needs a superuser. On a server of the person's own that is their part, and only
    said where it is missing.

    :param superuser: address of a role that may grant; empty where none is known
    """
    from ckan.common import config
    from ckan.model import parse_db_config
    from ckanext.datastore import cli

    from ckanext.satudata.stack import databases

    if not config.get("ckan.datastore.write_url"):
        return
    keys = ("sqlalchemy.url", "ckan.datastore.write_url", "ckan.datastore.read_url")
    main_db, write, read = (parse_db_config(key) for key in keys)
    script = cli.permissions_sql(
        main_db["db_name"], write["db_name"], main_db["db_user"], write["db_user"],
        read["db_user"])
    # psql's own commands are not SQL; the connection is to the right database already.
    script = "\n".join(line for line in script.splitlines() if not line.startswith("\\connect"))
    if superuser:
        databases.run_script(superuser, script)


def _sysadmin(app: Any) -> dict[str, str]:
    """Make the first sysadmin with a random password that is printed once and never kept."""
    import ckan.model as model
    import ckan.plugins.toolkit as tk

    with app.test_request_context():
        known = model.Session.query(model.User).filter_by(sysadmin=True, state="active")
        site_user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        if known.filter(model.User.name != site_user).first() is not None:
            return {}
        password = secrets.token_urlsafe(15)
        tk.get_action("user_create")({"ignore_auth": True, "user": site_user}, {
            "name": SYSADMIN, "password": password, "email": "admin@localhost.localdomain",
            "fullname": "Administrator",
        })
        user = model.User.get(SYSADMIN)
        assert user is not None
        user.sysadmin = True
        model.Session.commit()
    return {"name": SYSADMIN, "password": password}


if __name__ == "__main__":
    sys.exit(main())
