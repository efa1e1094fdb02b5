"""The draft behind a step of the wizard: all that is known stands in it, none in the browser."""
from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.workflow import EDITABLE, OPEN, State
from ckanext.satudata.shared.asking import visitor

__all__ = ["Draft", "find", "refused", "seen", "ways"]

#: Other ways to hand in: path below the dataset, what one must be allowed, label, help.
_WAYS = (
    ("templat.xlsx", "satudata_template_create", N_("Pakai templat"),
     N_("Isi di Excel atau HP. Yang kembali tidak ditanya apa-apa lagi.")),
    ("tempel", "satudata_intake_create", N_("Tempel dari lembar"),
     N_("Salin sel dari Excel atau Google Sheets.")),
    ("petak", "satudata_grid_show", N_("Isi di petak"), N_("Ketik di sini, sampai 500 baris.")),
    ("tautan", "satudata_upload_link_create", N_("Kirim tautan setor"),
     N_("Orang lain mengunggah tanpa akun.")),
    ("rekap", "satudata_recap_create", N_("Rekap dari unit"),
     N_("Satu tautan untuk tiap puskesmas, sekolah, atau desa.")),
)


@dataclass(frozen=True)
class Draft:
    """A dataset on its way, as whoever writes it sees it.

    :param dataset: the content under way, or what is public where nothing is
    :param submission: as ``satudata_submission_show`` gives it
    """

    dataset: Mapping[str, Any]
    submission: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Id of the dataset as the public knows it; it stays in every address."""
        return str(self.submission["package_id"])

    @property
    def state(self) -> State:
        """Of its newest version."""
        return State(self.submission["state"])

    @property
    def is_editable(self) -> bool:
        """A version is under way and may be written."""
        return self.state in EDITABLE

    @property
    def waits(self) -> bool:
        """It was handed in, and others have it."""
        return self.state in OPEN and not self.is_editable

    @property
    def steps(self) -> dict[int, str]:
        """Addresses of the steps of handing in by number, as far as one can go."""
        read = next((each for each in self.files if each["inspection"]), None)
        found = {1: tk.h.url_for("satudata_wizard.dataset", id=self.id)}
        if read is not None:
            found[2] = tk.h.url_for("satudata_inspection.show", id=self.dataset["name"],
                                    resource_id=read["id"])
            found[3] = tk.h.url_for("satudata_wizard.submit", id=self.id)
        return found

    @cached_property
    def files(self) -> Sequence[Mapping[str, Any]]:
        """Its files, each with ``inspection`` and whether it is the one published."""
        listed: dict[str, Any] = {}
        if self.is_editable:
            with contextlib.suppress(tk.ObjectNotFound, tk.NotAuthorized):
                listed = {each["resource_id"]: each for each in tk.get_action(
                    "satudata_inspection_list")(visitor(), {"id": self.dataset["id"]})["results"]}
        return [{**each, "inspection": listed.get(each["id"])}
                for each in self.dataset.get("resources") or []]

    @property
    def to_mend(self) -> list[Mapping[str, Any]]:
        """Its files that ask something of whoever hands them in."""
        return [each for each in self.files if (inspection := each["inspection"]) and (
            inspection.get("questions") or inspection.get("must"))]

    @property
    def notes(self) -> list[Mapping[str, Any]]:
        """What inspectors wrote of data that came back and is still open, unanswered first.

        What a check found is left out: mending the file settles it.
        """
        if self.state is not State.DIKEMBALIKAN:
            return []
        return sorted((each for each in self.submission.get("findings") or []
                       if not (each.get("resolved_at") or each.get("withdrawn_at")
                               or each.get("check_name"))),
                      key=lambda each: bool(each.get("answered")))


def find(identifier: str) -> Draft:
    """Return the draft of a dataset, or answer 404 to whoever may not write it.

    :param identifier: id or name of the dataset or of its working copy
    """
    found = seen(identifier)
    return found if found is not None else tk.abort(404, tk._(
        "Data ini tidak ada, atau bukan untuk Anda kirimi. Buka “Kirim data” untuk melihat "
        "data instansi Anda."))


def seen(identifier: str) -> Draft | None:
    """Return the draft of a dataset, ``None`` to whoever may not write it."""
    named = {"id": identifier[:200]}
    try:
        tk.check_access("satudata_intake_create", visitor(), dict(named))
        submission = tk.get_action("satudata_submission_show")(visitor(), dict(named))
        content = submission["content_id"] if State(submission["state"]) in OPEN else (
            submission["package_id"])
        dataset = tk.get_action("package_show")(visitor(), {"id": content})
    except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
        return None
    return Draft(dataset, submission)


def ways(identifier: str) -> list[dict[str, str]]:
    """Return the other ways to hand in that are there for whoever looks."""
    return [{"url": tk.h.url_for(f"/dataset/{identifier}/{path}"), "label": tk._(label),
             "about": tk._(about)}
            for path, action, label, about in _WAYS
            if tk.h.check_access(action, {"id": identifier})]


def refused(error: Any) -> list[str]:
    """Return what a refusal says, sentence by sentence, without the names of its fields."""
    found: list[str] = []
    for name, value in error.error_dict.items():
        if name in ("conflict", "state", "version"):
            continue
        for each in value if isinstance(value, list) else [value]:
            found.append(str(each) if isinstance(each, str) else "; ".join(
                str(item) for item in each.values()) if isinstance(each, dict) else str(each))
    return list(dict.fromkeys(found))
