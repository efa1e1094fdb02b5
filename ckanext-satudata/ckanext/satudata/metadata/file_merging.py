"""Saving the form of a file that somebody else saved meanwhile.

Its words are put together as those of a dataset are. Its bytes are not: where both put another file
there, the one who saves later is asked, and the file that came with the form waits for the answer.
"""
from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import flask

from ckanext.satudata.domain.metadata_merge import Base
from ckanext.satudata.metadata import form_values, kept_upload, merging, presence
from ckanext.satudata.metadata.expected import check_version
from ckanext.satudata.metadata.kept_upload import Kept
from ckanext.satudata.metadata.writers import Writer, writers
from ckanext.satudata.shared import blobs
from ckanext.satudata.shared.asking import acting
from ckanext.satudata.shared.raw_files import raw_of

__all__ = ["ANSWER", "file_beside", "resource_update"]

#: What becomes of the file that came with the form: "ganti", "kedua" or "biarkan".
ANSWER = "_berkas"
#: The form stands for the file there was, though CKAN emptied its fields.
SAME = "_berkas_tetap"

#: What belongs to the bytes; whoever's file it is, these are with it.
_OF_THE_FILE = ("url", "url_type", "hash", "hash_algorithm", "size")
#: What tells whether a file is another: of a clean table the raw file, for its own bytes follow
#: every correction of the reading.
_BYTES, _RAW = "sha256", "mentah_sha256"


@tk.chained_action
def resource_update(next_action: Any, context: Any, data_dict: dict[str, Any]) -> Any:
    """Update a resource; see CKAN. What somebody else saved while a form was open is kept.

    :param expected_version: the version of the dataset that was read, as
        ``satudata_submission_show`` gives it (optional; of ``resource_patch`` too)
    :type expected_version: integer
    :returns: the resource
    :rtype: dictionary
    :raises ValidationError: 409 with ``conflict: version`` where it is another by now
    """
    resource = model.Resource.get(data_dict.get("id"))
    if resource is not None and not model.Session.is_modified(resource):
        # It may have been read before the lock was given: its hash would undo a new file.
        model.Session.refresh(resource)
    check_version(data_dict, resource.package_id if resource is not None else None)
    carried = {name: data_dict.pop(name, None) for name in (kept_upload.FIELD, ANSWER, SAME)}
    sent = data_dict.get(merging.BASE)
    asked = merging.take_out(data_dict)
    if asked.base is None or resource is None or resource.state != model.State.ACTIVE:
        return next_action(context, data_dict)
    form = _Form(context, data_dict, asked, resource, carried)
    try:
        form.merge()
        sent = form.base
        if form.second:
            return form.save_second()
        form.told.refuse(form.problem)
        handed_in = form.takes_raw_file()
        result = next_action(context, data_dict)
        if handed_in is not None:
            result = form.hand_in(handed_in)
    except tk.ValidationError:
        data_dict[merging.BASE] = sent
        form.keep_file()
        raise
    form.told.say()
    presence.closes(resource.id)
    return result


def fields_of(schema: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form of a resource says, its bytes among it."""
    return {**form_values.fields_of(schema["resource_fields"], data), **{
        name: {"field_name": name, "form_snippet": form_values.HIDDEN}
        for name in (_BYTES, _RAW)}}


def file_beside() -> dict[str, Any] | None:
    """Return the file that came with the form that is shown again: ``name``, ``asked``, ``who``."""
    found = tk.g.get("satudata_file") if flask.has_request_context() else None
    return found if isinstance(found, dict) else None


class _Form:
    """One save of the form of a resource."""

    told: merging.Told
    base: str

    def __init__(self, context: Any, data: dict[str, Any], asked: merging.Asked, resource: Any,
                 carried: Mapping[str, Any]) -> None:
        self.context, self.data, self.asked = context, data, asked
        self.resource, self.carried = resource, carried
        upload = data.get("upload")
        self.upload = upload if bool(upload) and hasattr(upload, "stream") else None
        self.kept = None if self.upload else kept_upload.read(
            carried[kept_upload.FIELD], resource.id)
        self.typed = dict(data)
        self.same = bool(carried[SAME]) and not data.get("url")
        self.asking: Writer | None = None
        self.problem: dict[str, list[str]] = {}
        self.second = False
        self.raw = raw_of(resource.extras)

    def merge(self) -> None:
        """Give each field what it gets, and decide whose file it is.

        Where both brought a file and nobody said what becomes of it, ``problem`` asks.
        """
        now = tk.get_action("resource_show")(
            {**self._acting(), "for_edit": True, "use_cache": False}, {"id": self.resource.id})
        package = self.resource.package
        schema = tk.h.scheming_get_dataset_schema(package.type)
        fields = fields_of(schema, now)
        self.base = merging.base_of(fields, now)
        self.now = now
        if self.same:
            self._take_theirs()
        base = self.asked.base
        assert base is not None
        marks = {**{name: () for name in fields if name not in self.data}, **base.marks}
        theirs = form_values.stored(fields, now)
        identity = (_RAW,) if self.raw is not None and marks.get(_RAW) else (
            _BYTES, "url", "url_type")
        changed = any(marks.get(name) not in (None, theirs[name].marks)
                      for name in identity if name in theirs)
        mine = self._brings_a_file(marks, fields)
        rest = {name: each for name, each in fields.items()
                if name not in (*_OF_THE_FILE, _BYTES, _RAW)}
        self.told = merging.put_together(
            rest, merging.Asked(Base(base.at, marks), self.asked.given_up), self.data, now,
            package.id, resource_id=self.resource.id)
        if not mine:
            if changed:
                self._take_theirs()
            return
        writer = writers(fields, base, ["sha256"], package.id, self.resource.id)["sha256"]
        self._answer(changed, writer)

    def _brings_a_file(self, marks: Mapping[str, Any], fields: Mapping[str, Any]) -> bool:
        if self.upload or self.kept or self.same:
            return not self.same or bool(self.upload or self.kept)
        url = form_values.sent({"url": fields["url"]}, self.data)["url"]
        return "url" in marks and url.marks != marks["url"]

    def _answer(self, changed: bool, writer: Writer) -> None:
        """Do with the file that came what the person said, or ask."""
        said = self.carried[ANSWER]
        waiting = self.kept is not None and self.kept.asked
        settled = waiting and said in ("kedua", "biarkan")
        if not settled and ((changed and not self._is_theirs()) or (
                waiting and said != "ganti")):
            self.asking = writer
            self.problem = {"url": [tk._(
                "Berkas ini diganti {who} sementara Anda mengisi. Pilih apa yang dilakukan dengan "
                "berkas Anda, lalu simpan lagi.").format(who=writer)]}
        elif said != "kedua" and (changed or settled):
            self.upload = self.kept = None
            self.data.pop("upload", None)
            self._take_theirs()
        elif self.kept is not None:
            self._bring_back(self.kept)
            self.second = waiting and said == "kedua"

    def _is_theirs(self) -> bool:
        """Tell whether the file that came is the very one that is there now."""
        sha256 = blobs.digest(self.upload.stream) if self.upload else (
            self.kept.sha256 if self.kept else "")
        return bool(sha256) and sha256 in (
            self.now.get(_BYTES), self.raw.sha256 if self.raw is not None else None)

    def _bring_back(self, kept: Kept) -> None:
        if kept.is_file:
            self.kept = None
            self.data["upload"] = self.upload = kept.upload()
        else:
            self.data["url"] = kept.filename
            self.data["url_type"] = ""

    def _take_theirs(self) -> None:
        for name in _OF_THE_FILE:
            if self.now.get(name) is None:
                self.data.pop(name, None)
            else:
                self.data[name] = self.now[name]

    def takes_raw_file(self) -> Any:
        """Return the file that is to take the place of a clean table's raw file, None mostly.

        Who replaces a workbook expects what the first one became: so it is handed in as in the
        wizard, and the form saves the words alone.
        """
        if self.raw is None or self.upload is None or self.context.get("defer_commit"):
            return None
        self.data.pop("upload", None)
        self._take_theirs()
        return self.upload

    def hand_in(self, upload: Any) -> Any:
        """Let a raw file become what the resource holds, and return the resource."""
        made = tk.get_action("satudata_intake_create")(self._acting(), {
            "id": self.resource.package_id, "upload": upload, "accept": True,
            "replaces": self.resource.id})
        if flask.has_request_context():
            tk.h.flash_success(tk._(
                "“{name}” kami baca menjadi tabel rapi, seperti berkas sebelumnya. Periksa hasil "
                "bacanya sebelum mengirimnya untuk diperiksa.").format(name=made["filename"]))
        shown = next((each for each in made["resources"] if each == self.resource.id),
                     next(iter(made["resources"]), self.resource.id))
        return tk.get_action("resource_show")(self._acting(), {"id": shown})

    def save_second(self) -> Any:
        """Put the file that came beside the one that is there, with what was typed of it."""
        unwanted = {"id", *_OF_THE_FILE, merging.BASE, merging.GIVEN_UP}
        new = {name: value for name, value in self.typed.items() if name not in unwanted}
        new.update({name: self.data[name] for name in ("upload", "url") if name in self.data})
        if self.upload is not None:
            new.pop("url", None)
        assert self.asked.base is not None
        if merging.is_as_shown("name", new.get("name"), self.asked.base):
            new.pop("name", None)
        made = tk.get_action("resource_create")(
            self._acting(), {**new, "package_id": self.resource.package_id})
        if self.raw is not None and self.upload is not None:
            with suppress(tk.ValidationError):  # it has no table: it stays the file it is
                tk.get_action("satudata_tidy_update")(
                    self._acting(), {"resource_id": made["id"], "tidy": True})
        if flask.has_request_context():
            tk.h.flash_success(tk._(
                "Berkas Anda disimpan sebagai berkas kedua: “{name}”.").format(
                    name=made.get("name") or made["id"]))
        return self.now

    def keep_file(self) -> None:
        """Let the form that is shown again carry the file that came with it."""
        kept = self.kept
        if self.upload is not None:
            kept = kept_upload.keep(self.upload, bool(self.asking) or self.second)
        elif kept is None and self.asking is not None:
            kept = Kept("", str(self.data.get("url") or "")[:2000], "", True)
        if self.asking is not None:
            self._take_theirs()
        if kept is None:
            return
        self.data[kept_upload.FIELD] = kept.sign(self.resource.id)
        if flask.has_request_context():
            tk.g.satudata_file = {
                "name": kept.filename, "asked": kept.asked, "is_file": kept.is_file,
                "token": self.data[kept_upload.FIELD],
                "who": self.asking.name if self.asking is not None else ""}

    def _acting(self) -> dict[str, Any]:
        return acting(self.context)
