"""The last question before data becomes public: is what restricts it decided, and in force?"""
from __future__ import annotations

import datetime as dt

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata import config
from ckanext.satudata.domain.access import level_of
from ckanext.satudata.domain.errors import UndecidedError
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.restriction import lacks
from ckanext.satudata.domain.workdays import local
from ckanext.satudata.workflow import checked
from ckanext.satudata.workflow.model import Submission

__all__ = ["demand"]


def demand(submission: Submission, now: dt.datetime) -> None:
    """Let pass open data, and restricted data whose decision is there (Perpres 39/2019 art. 37).

    :raises PersonalDataError: it holds data about persons
    :raises UncheckedError: the inspection of a file failed
    :raises UndecidedError: saying what lacks
    """
    checked.demand(submission)
    package = model.Session.get(model.Package, submission.content_id)
    if package is None or not level_of((package.extras or {}).get("access_rights")).restricted:
        return
    shown = tk.get_action("package_show")(
        {"ignore_auth": True, "use_cache": False}, {"id": package.id})
    found = lacks(shown, local(now, config.zona_waktu()).date())
    if found:
        raise UndecidedError(
            N_("Aksesnya dibatasi, jadi belum boleh terbit. Yang masih kurang: {lacks}."),
            submission.state, lacks="; ".join(tk._(each) for each in found))
