"""Times the workflow of one CKAN in this process and prints the figures as JSON.

Called as ``worker_workflow.py INI steps DATASETS | inbox SUBMISSIONS | reads KIND``. Times are
milliseconds. Everything it made is removed at the end, but for events, which nobody can remove.
"""
from __future__ import annotations

import json
import logging
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from worker import dataset, publish, remove, timed

Times = dict[str, list[float]]
#: Who takes which step; the second round starts from a returned version.
WAY = (("opd", "ajukan"), ("walidata", "periksa"), ("walidata", "kembalikan"), ("opd", "ajukan"),
       ("walidata", "periksa"), ("walidata", "setujui"), ("walidata", "terbitkan"),
       ("walidata", "tarik"))
#: States of the bulk and how many of a hundred are in each.
SHARES = {"terbit": 55, "digantikan": 10, "ditarik": 3, "dibatalkan": 2, "draf": 8, "diajukan": 6,
          "diperiksa_walidata": 6, "dikembalikan": 5, "diperiksa_pembina": 2,
          "dikembalikan_pembina": 1, "disetujui": 2}
AGENCIES = 40
CALLS = 40


class Town:
    """A portal with an OPD, the walidata and a person of each."""

    def __init__(self, flask_app: Any) -> None:
        from ckan import model
        from ckan.plugins import toolkit as tk

        self.app, self.model, self.tk = flask_app, model, tk
        mark = uuid.uuid4().hex[:10]
        self.site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        self.people = {
            name: self.call("user_create", name=f"{name}-{mark}", password=uuid.uuid4().hex,
                            email=f"{name}-{mark}@example.org")
            for name in ("opd", "walidata", "pimpinan", "pembina")}
        self.opd, self.walidata = (
            self.call("organization_create", name=f"{kind}-{mark}", title=kind, users=[
                {"name": self.people[kind]["name"], "capacity": "admin"}])["id"]
            for kind in ("opd", "walidata"))
        tk.config["ckanext.satudata.walidata"] = f"walidata-{mark}"

    def call(self, action: str, by: str = "", /, **data: Any) -> Any:
        """Call an action as a person, or as the site itself."""
        context = {"user": self.people[by]["name"]} if by else {
            "user": self.site, "ignore_auth": True}
        return self.tk.get_action(action)(context, data)

    def grant(self) -> None:
        """Give the roles, as the sysadmin's page does."""
        import datetime as dt

        from ckanext.satudata.shared.actor import RoleGrant

        now = dt.datetime.now(dt.timezone.utc)
        for name, role, scope in (("walidata", "walidata", ""), ("pimpinan", "pimpinan", ""),
                                  ("pembina", "pembina_data", "statistik")):
            self.model.Session.add(RoleGrant(
                id=str(uuid.uuid4()), user_id=self.people[name]["id"], role=role, scope=scope,
                decree="", since=now, granted_at=now, revoke_reason=""))
        self.model.Session.commit()

    def draft(self, kind: str = "ours") -> Any:
        """Make a dataset that lacks nothing."""
        made = {**dataset(kind, self.opd), "language": ["id"]}
        if kind == "ours":
            made["jadwal_rilis"] = "2026-03-01"  # past, so that approval plans nothing
        return self.call("package_create", **made)


@contextmanager
def index_apart(town: Town) -> Iterator[list[float]]:
    """Collect the time the index takes after each commit, which is not the step's."""
    from ckanext.satudata.workflow import service

    taken: list[float] = []
    real = service.settle
    service.settle = lambda keys: timed(taken, lambda: real(keys))
    try:
        yield taken
    finally:
        service.settle = real


def steps(town: Town, datasets: int) -> Times:
    """Walk datasets from draft to withdrawal."""
    town.grant()
    times: Times = {}
    made = [town.draft() for _ in range(datasets + 1)]
    with index_apart(town) as index:
        for number, one in enumerate(made):
            shown = town.call("satudata_submission_show", "opd", id=one["id"])
            for by, name in WAY:
                index.clear()
                began = time.perf_counter()
                shown = town.call(
                    "satudata_submission_transition", by, id=shown["id"], transition=name,
                    expected_version=shown["version"], note="Sesuai pemeriksaan.")
                taken = 1000 * (time.perf_counter() - began)
                if number:  # the first is warm-up
                    times.setdefault(f"step {name}", []).append(taken - sum(index))
                    times.setdefault("step, all", []).append(taken - sum(index))
                    times.setdefault("(index after a step)", []).append(sum(index))
    for one in made:
        remove(one["id"])
    return times


def inbox(town: Town, count: int) -> Times:
    """List many submissions, as people of each kind open their inbox."""
    town.grant()
    fill(town, count)
    times: Times = {}
    cases: dict[str, tuple[str, dict[str, Any]]] = {
        "inbox action walidata": ("walidata", {"box": "menunggu_saya"}),
        "inbox action walidata, late": ("walidata", {"box": "menunggu_saya", "overdue": True}),
        "inbox action walidata, one OPD": ("walidata", {"owner_org": town.opd}),
        "inbox action walidata, words": ("walidata", {"q": "jumlah 4242"}),
        "inbox action walidata, done": ("walidata", {"box": "selesai"}),
        "inbox action OPD": ("opd", {"box": "menunggu_saya"}),
        "inbox action pembina": ("pembina", {"box": "menunggu_saya"}),
        "inbox action pimpinan": ("pimpinan", {"box": "menunggu_lain"}),
        "inbox action, no box": ("walidata", {}),
    }
    try:
        for key, (by, asked) in cases.items():
            def ask(by: str = by, asked: dict[str, Any] = asked) -> Any:
                town.model.Session.remove()
                return town.call("satudata_submission_list", by, limit=25, **asked)

            ask()
            for _ in range(CALLS // 2):
                timed(times.setdefault(key, []), ask)
        with ThreadPoolExecutor(1) as apart:  # its own context: nobody is logged in there yet
            for by in ("walidata", "opd", "pimpinan"):
                apart.submit(page, town, by, times.setdefault(f"inbox page {by}", [])).result()
    finally:
        empty(town)
    return times


def page(town: Town, by: str, times: list[float]) -> None:
    """Open /tugas as somebody logged in by cookie."""
    client = town.app.test_client()
    address = town.tk.config["ckan.site_url"]
    with client.session_transaction(base_url=address) as session:
        session["_user_id"], session["_fresh"] = town.people[by]["id"], True
    for number in range(CALLS // 2):
        answer = timed(times, lambda: client.get("/tugas", base_url=address))
        if answer.status_code != 200:
            raise SystemExit(f"/tugas answered {answer.status_code} to {by}")
        if not number:
            times.clear()


def fill(town: Town, count: int) -> None:
    """Insert submissions with their datasets by SQL, among which the town's OPD has its share."""
    import sqlalchemy as sa

    states = [state for state, share in SHARES.items() for _ in range(share)]
    with town.model.meta.engine.begin() as connection:
        organizations = [town.opd] + [f"ukur-{number}" for number in range(1, AGENCIES)]
        given = {"count": count, "states": states, "orgs": organizations, "agencies": AGENCIES,
                 "user": town.people["opd"]["id"], "walidata": town.people["walidata"]["id"]}
        connection.execute(sa.text("""
            INSERT INTO package (id, name, title, type, state, private, owner_org,
                                 creator_user_id, metadata_created, metadata_modified)
            SELECT 'ukur-' || n, 'ukur-' || n, 'Jumlah ' || n, 'dataset', 'active', true,
                   (:orgs)[1 + n % :agencies], :user, now(), now()
            FROM generate_series(1, :count) n"""), given)
        connection.execute(sa.text("""
            INSERT INTO satudata_submission (id, package_id, content_id, package_type, title,
                owner_org, number, state, state_since, due_at, version, jenis_data, prioritas,
                at_pembina, inspector_id, created_by, editors, submitted_by, created, modified)
            SELECT 'ukur-' || n, 'ukur-' || n, 'ukur-' || n, 'dataset', 'Jumlah ' || n,
                (:orgs)[1 + n % :agencies], 1, s.state, now() - n * interval '1 minute',
                CASE WHEN s.state IN ('terbit', 'digantikan', 'ditarik', 'dibatalkan') THEN NULL
                     ELSE now() + ((n % 20) - 5) * interval '1 day' END, 4,
                CASE n % 3 WHEN 0 THEN 'geospasial' ELSE 'statistik' END, n % 10 = 0,
                s.state LIKE '%pembina',
                CASE WHEN s.state = 'diperiksa_walidata' THEN :walidata END, :user,
                jsonb_build_array(CAST(:user AS text)), :user, now() - n * interval '1 minute',
                now() - n * interval '1 minute'
            FROM generate_series(1, :count) n,
                 LATERAL (SELECT (:states)[1 + (n / :agencies) % 100] AS state) s"""), given)
    with town.model.meta.engine.connect().execution_options(
            isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("ANALYZE package, satudata_submission"))


def empty(town: Town) -> None:
    import sqlalchemy as sa

    town.model.Session.remove()
    with town.model.meta.engine.begin() as connection:
        for table in ("satudata_submission", "package"):
            connection.execute(sa.text(f"DELETE FROM {table} WHERE id LIKE 'ukur-%'"))


def reads(town: Town, kind: str) -> Times:
    """Read as nobody, ours with and without what the workflow adds, call by call in turn."""
    made = [town.draft(kind) for _ in range(20)]
    for one in made:
        publish(kind, one["id"], town.site)
    actions = {"package_show": {"id": made[0]["id"]},
               "package_search": {"q": "title:Penduduk", "rows": 20}}
    times: Times = {}

    def read(action: str) -> Any:
        town.model.Session.remove()
        return town.tk.get_action(action)({"user": ""}, dict(actions[action]))

    for action in actions:
        for _ in range(5):
            read(action)
        for _ in range(CALLS):
            timed(times.setdefault(action, []), lambda action=action: read(action))
            if kind == "ours":
                with unguarded():
                    timed(times.setdefault(f"{action} unguarded", []),
                          lambda action=action: read(action))
    for one in made:
        remove(one["id"])
    return times


@contextmanager
def unguarded() -> Iterator[None]:
    """Take the workflow's part out of reading: its labels and its auth function."""
    from ckan import authz
    from ckan.lib.plugins import DefaultPermissionLabels
    from ckan.logic.auth.get import package_show

    from ckanext.satudata.plugin import SatuDataPlugin

    functions: dict[str, Callable[..., Any]] = authz._AuthFunctions._functions
    ours = functions["package_show"]
    labels = {name: getattr(SatuDataPlugin, name)
              for name in ("get_dataset_labels", "get_user_dataset_labels")}
    functions["package_show"] = package_show
    for name in labels:
        setattr(SatuDataPlugin, name, getattr(DefaultPermissionLabels, name))
    try:
        yield
    finally:
        functions["package_show"] = ours
        for name, method in labels.items():
            setattr(SatuDataPlugin, name, method)


def main(ini: str, what: str, value: str) -> Times:
    """Measure one thing in the installation of an ini file."""
    from ckan.cli import CKANConfigLoader
    from ckan.config.middleware import make_app

    flask_app: Any = make_app(CKANConfigLoader(ini).get_config())._wsgi_app
    logging.disable(logging.INFO)
    with flask_app.test_request_context():
        town = Town(flask_app)
        if what == "reads":
            return reads(town, value)
        return {"steps": steps, "inbox": inbox}[what](town, int(value))


if __name__ == "__main__":
    print("RESULT " + json.dumps(main(*sys.argv[1:4])))
