"""What every action of the API may do to a dataset, in one table: the rule "no way around".

Nothing becomes public, changes after it was handed in, or disappears, but through the workflow
(Perpres 39/2019 art. 34-36). CKAN and its plugins have two hundred actions; each stands here with
its class, and what does not stand here is refused when it is called. The guards that keep the
table are chained actions (``workflow/guards.py``), not auth functions, for CKAN asks those neither
of a sysadmin nor of code that ignores them.

==========  =====================================================================================
READ        shows something; not wrapped at all
NEUTRAL     changes something that is no dataset (users, tokens, followers, jobs); not wrapped
CONTENT     changes what datasets hold: only while they are drafts or returned, and only through
            the package that holds the version under way
GOVERNANCE  would publish, hide, remove, move or hand out a dataset, or reach it from below:
            done under the rule named, or refused with the way that is right
WORKFLOW    the door itself and who may pass: decided by ``domain/decision.py`` and ``roles.py``
==========  =====================================================================================

Where a request repeats what it was shown (``private``, ``state``), it changes nothing: a client
that reads a dataset, mends one field and writes it back works as with any CKAN. Where it asks for
the change by name (``package_patch``, ``package_revise``, ``bulk_update_*``) it is refused.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from ckanext.satudata.domain.errors import SatuDataError
from ckanext.satudata.domain.metadata_values import N_

__all__ = [
    "ACTIONS",
    "CONTENT",
    "SOMETIMES",
    "Entry",
    "Find",
    "Kind",
    "OtherActionError",
    "Place",
    "Rule",
    "parse_others",
]


class Kind(str, Enum):
    """What an action does to datasets."""

    READ = "read"
    NEUTRAL = "neutral"
    CONTENT = "content"
    GOVERNANCE = "governance"
    WORKFLOW = "workflow"


class Find(str, Enum):
    """How the value of a parameter leads to datasets."""

    PACKAGE = "package"  # id or name of a dataset
    RESOURCE = "resource"  # id of a resource
    VIEW = "view"  # id of a resource view
    TABLE = "table"  # id of a resource, or an alias of its datastore table
    MATCH = "match"  # package_revise: ``match`` or ``match__id``, ``match__name``
    MEMBER = "member"  # member_*: ``object``, where ``object_type`` is package
    GROUP = "group"  # every dataset of a group
    NEW_LIST = "new_list"  # ``packages`` of a new group
    GROUP_LIST = "group_list"  # those that ``packages`` of a group would add or remove
    TAG = "tag"  # every dataset with a keyword
    VOCABULARY = "vocabulary"  # every dataset with a keyword of a vocabulary
    VOCABULARY_LIST = "vocabulary_list"  # those with a keyword that ``tags`` leaves out
    ANY = "any"  # an action of another plugin: whatever its parameters name


class Rule(str, Enum):
    """What else is asked of an action; each is one function in ``workflow/guard_rules.py``."""

    NONE = ""
    NEW = "new"  # always a private draft of a type that has a workflow
    FIELDS = "fields"  # private, state, produsen and ids of resources are not content
    EXPLICIT = "explicit"  # the same, but asked for by name: said instead of passed over
    EDITOR = "editor"  # CKAN asks for a right on the group only: ask for the dataset's as well
    TABLE = "table"  # no other resource's id as its alias; the lock lasts until its rows are in
    FIRST_HALF = "first_half"  # a table may follow in the same call: the lock is taken anew
    GROUP_FIELDS = "group_fields"  # state and kind of a group or organization
    DELETE = "delete"  # cancels a draft; what is public is withdrawn first
    PURGE = "purge"  # the same; the events stay
    MOVE = "move"  # another produsen: a draft, by who may write for both
    END_ORGANIZATION = "end_organization"  # not while it has public or submitted data
    CLEAR_SOURCE = "clear_source"  # harvested datasets are removed as others are
    OWN_TOKEN = "own_token"  # nobody acts in another's name
    ACCOUNT = "account"  # what is changed of another's account is on record
    STORED_FILE = "stored_file"  # files of resources change with their resource only
    PORTAL_ONLY = "portal_only"  # code of the portal calls it, no client
    NEVER = "never"


@dataclass(frozen=True)
class Place:
    """Where a request names the datasets it changes.

    :param key: parameter; ``a.b`` is ``b`` in the dictionary ``a``
    """

    key: str
    find: Find


@dataclass(frozen=True)
class Entry:
    """One line of the table.

    :param places: where the datasets stand that are changed
    :param noted: CKAN's dataset hooks do not see the write, so the guard notes it
    :param say: why it is refused and what to do instead, a msgid
    """

    kind: Kind
    places: tuple[Place, ...] = ()
    rule: Rule = Rule.NONE
    noted: bool = False
    say: str = ""


class OtherActionError(SatuDataError, ValueError):
    """A line of the operator's own list is wrong; ``line`` is what was written."""

    def __init__(self, line: str, why: str) -> None:
        super().__init__(f"{line!r}: {why}")
        self.line, self.why = line, why


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# ---------------------------------------------------------------------------------------- READ
_READ = _names("""
    am_following_dataset am_following_group am_following_user api_token_list
    config_option_list config_option_show current_package_list_with_resources
    dataset_followee_count dataset_followee_list dataset_follower_count dataset_follower_list
    file_owner_scan file_show followee_count followee_list format_autocomplete get_site_user
    group_autocomplete group_followee_count group_followee_list group_follower_count
    group_follower_list group_list group_list_authz group_package_show group_show help_show
    job_list job_show license_list member_list member_roles_list organization_autocomplete
    organization_followee_count organization_followee_list organization_follower_count
    organization_follower_list organization_list organization_list_for_user organization_show
    package_autocomplete package_collaborator_list package_collaborator_list_for_user package_list
    package_relationships_list package_search package_show resource_search resource_show
    resource_view_list resource_view_show status_show tag_autocomplete tag_list tag_search tag_show
    task_status_show term_translation_show user_autocomplete user_followee_count
    user_followee_list user_follower_count user_follower_list user_list user_show vocabulary_list
    vocabulary_show

    activity_data_show activity_diff activity_show dashboard_activity_list
    dashboard_new_activities_count group_activity_list organization_activity_list
    package_activity_list recently_changed_packages_activity_list user_activity_list
    activity_delete_counts

    datastore_info datastore_search datastore_search_sql datapusher_status

    harvest_job_list harvest_job_report harvest_job_show harvest_log_list harvest_object_list
    harvest_object_show harvest_source_list harvest_source_show harvest_source_show_status
    harvesters_info_show harvest_get_notifications_recipients

    dcat_catalog_search dcat_catalog_show dcat_dataset_show dcat_datasets_list
    scheming_dataset_schema_list scheming_dataset_schema_show
    scheming_group_schema_list scheming_group_schema_show
    scheming_organization_schema_list scheming_organization_schema_show

    satudata_access_grant_list satudata_access_request_list satudata_access_request_show
    satudata_berita_acara_check satudata_berita_acara_list
    satudata_berita_acara_show satudata_download_list
    satudata_completeness_show satudata_data_prioritas_list satudata_dataset_copy
    satudata_grid_show satudata_inspection_list satudata_inspection_show
    satudata_intake_list satudata_intake_show satudata_jadwal_rilis_list satudata_notice_list
    satudata_mqa_list satudata_mqa_show
    satudata_data_induk_list satudata_data_induk_show
    satudata_notice_settings_show satudata_purge_list satudata_purge_show
    satudata_recap_list satudata_recap_show satudata_recipe_show
    satudata_role_list
    satudata_submission_list satudata_submission_show satudata_submission_timeline
    satudata_upload_link_check satudata_upload_link_list satudata_usage_list satudata_usage_show
    satudata_citation_show satudata_revision_changes satudata_version_diff satudata_version_list
    satudata_version_show satudata_vocabulary_show satudata_vocabulary_usage
    satudata_vocabulary_version_list satudata_vocabulary_version_show
    satudata_wilayah_search
""")

# ------------------------------------------------------------------------------------- NEUTRAL
_NEUTRAL = _names("""
    follow_dataset follow_group follow_user unfollow_dataset unfollow_group unfollow_user
    user_invite user_patch user_delete
    group_member_create group_member_delete organization_member_create organization_member_delete
    package_collaborator_delete
    tag_create vocabulary_create
    task_status_update task_status_update_many task_status_delete
    config_option_update job_cancel job_clear
    dashboard_mark_activities_old send_email_notifications activity_delete activity_delete_all
    harvest_job_create harvest_job_create_all harvest_job_abort harvest_abort_failed_jobs
    harvest_jobs_run harvest_send_job_to_gather_queue harvest_objects_import
    harvest_source_create harvest_source_update harvest_source_patch harvest_source_delete
    harvest_source_job_history_clear harvest_sources_job_history_clear
    harvest_source_reindex

    satudata_access_request_create satudata_grid_discard satudata_grid_update satudata_notice_read
    satudata_notice_settings_update satudata_upload_claim satudata_vocabulary_create
    satudata_vocabulary_import satudata_vocabulary_import_accept satudata_vocabulary_undo
    satudata_vocabulary_update
""")

# ------------------------------------------------------------------------------------- CONTENT
_RESOURCE = (Place("id", Find.RESOURCE),)
_TABLE = (Place("resource_id", Find.TABLE),)
_BOTH_ENDS = (Place("subject", Find.PACKAGE), Place("object", Find.PACKAGE))
_VIEWED = (Place("id", Find.VIEW), Place("resource_id", Find.RESOURCE))


def _content(
    *places: Place, rule: Rule = Rule.NONE, noted: bool = False
) -> Entry:
    return Entry(Kind.CONTENT, places, rule, noted)


_CONTENT: dict[str, Entry] = {
    "package_create": _content(rule=Rule.NEW),
    "package_update": _content(Place("id", Find.PACKAGE), rule=Rule.FIELDS),
    "package_patch": _content(Place("id", Find.PACKAGE), rule=Rule.EXPLICIT),
    "package_revise": _content(Place("match", Find.MATCH), rule=Rule.EXPLICIT),
    "package_resource_reorder": _content(Place("id", Find.PACKAGE)),
    # CKAN writes a resource through package_update, which notes the write.
    "resource_create": _content(Place("package_id", Find.PACKAGE), rule=Rule.FIRST_HALF),
    "resource_update": _content(*_RESOURCE),
    "resource_patch": _content(*_RESOURCE),
    "resource_delete": _content(*_RESOURCE),
    # A view shows the data to the public as the text and the table do.
    "resource_view_create": _content(Place("resource_id", Find.RESOURCE), noted=True),
    "resource_view_update": _content(*_VIEWED, noted=True),
    "resource_view_delete": _content(Place("id", Find.VIEW), noted=True),
    "resource_view_reorder": _content(Place("id", Find.RESOURCE), noted=True),
    # These two call resource_view_create, which notes the write.
    "resource_create_default_resource_views": _content(
        Place("resource.id", Find.RESOURCE), Place("package.id", Find.PACKAGE)),
    "package_create_default_resource_views": _content(Place("package.id", Find.PACKAGE)),
    "package_relationship_delete": _content(*_BOTH_ENDS, noted=True),
    # Datasets come into a group by these too, and CKAN asks for a right on the group alone.
    "member_create": _content(Place("object", Find.MEMBER), rule=Rule.EDITOR, noted=True),
    "member_delete": _content(Place("object", Find.MEMBER), rule=Rule.EDITOR, noted=True),
    "group_create": _content(Place("packages", Find.NEW_LIST), rule=Rule.EDITOR, noted=True),
    "organization_create": _content(
        Place("packages", Find.NEW_LIST), rule=Rule.EDITOR, noted=True),
    "group_update": _content(Place("id", Find.GROUP_LIST), rule=Rule.GROUP_FIELDS, noted=True),
    "group_patch": _content(Place("id", Find.GROUP_LIST), rule=Rule.GROUP_FIELDS, noted=True),
    "organization_update": _content(rule=Rule.GROUP_FIELDS),
    "organization_patch": _content(rule=Rule.GROUP_FIELDS),
    "group_delete": _content(Place("id", Find.GROUP), noted=True),
    "group_purge": _content(Place("id", Find.GROUP), noted=True),
    "tag_delete": _content(Place("id", Find.TAG), noted=True),
    "vocabulary_update": _content(Place("id", Find.VOCABULARY_LIST), noted=True),
    "vocabulary_delete": _content(Place("id", Find.VOCABULARY), noted=True),
    # The table of a resource is what people download; triggers and aliases come with it.
    "datastore_create": _content(
        *_TABLE, Place("resource.package_id", Find.PACKAGE), rule=Rule.TABLE, noted=True),
    "datastore_upsert": _content(*_TABLE, noted=True),
    "datastore_delete": _content(*_TABLE, noted=True),
    "datastore_records_delete": _content(*_TABLE),
    "datastore_run_triggers": _content(*_TABLE, noted=True),
    "datapusher_submit": _content(Place("resource_id", Find.RESOURCE), noted=True),
    "datapusher_hook": _content(Place("metadata.resource_id", Find.RESOURCE)),
    "harvest_object_create": _content(Place("package_id", Find.PACKAGE), noted=True),
}

# ---------------------------------------------------------------------------------- GOVERNANCE
_PUBLISH = N_(
    "Dataset terbit hanya setelah diperiksa dan disetujui Walidata. Buka dataset, lalu pilih "
    "“Kirim untuk diperiksa”.")
_HIDE = N_(
    "Dataset yang sudah terbit hanya ditarik oleh Walidata, dengan alasan. Buka halaman "
    "pengajuannya, lalu pilih “Tarik dari publik”.")
_ONE_BY_ONE = N_("Hapus dataset satu per satu: tiap draf dibatalkan dengan catatannya sendiri.")
_BY_ROLE = N_(
    "Hak atas dataset mengikuti keanggotaan instansi dan peran Satu Data. Tambahkan orangnya ke "
    "instansi, atau minta pengelola memberi peran di halaman Peran.")
_VIEWS = N_("Tampilan dihapus per tampilan, selama datasetnya masih draf: pakai "
            "resource_view_delete.")
_TERMS = N_("Judul dan isi dataset tidak diganti lewat terjemahan istilah. Ubah datasetnya.")
_CODE_ONLY = N_("Tindakan ini hanya dijalankan oleh kode portal sendiri, bukan lewat API.")
_NO_ACTION = N_("Ini fungsi dalam ckanext-harvest, bukan tindakan API.")
_FILES = N_("Berkas sumber daya hanya berubah bersama sumber dayanya. Pakai resource_update pada "
            "dataset yang masih draf.")
_TOKEN = N_(
    "Token API dibuat oleh pemiliknya sendiri: tindakan di portal harus jelas pelakunya. Untuk "
    "akun layanan, pengelola server memakai “ckan user token add”.")
_RELATIONS = N_(
    "CKAN tidak dapat mengindeks dataset yang punya hubungan, jadi hubungan antardataset tidak "
    "dibuat. Tulis kaitannya di isian metadata, misalnya di “Uraian”.")


def _governance(rule: Rule, say: str, *places: Place) -> Entry:
    return Entry(Kind.GOVERNANCE, places, rule, say=say)


_HARVEST_HELPERS = _names("""
    InactiveSource get_mail_extra_vars prepare_error_mail prepare_summary_mail send_error_email
    send_mail send_summary_email
""")
#: ckanext-harvest keeps its auth functions and its actions in one dictionary, so these become
#: actions as well in a process that asked for an auth function first.
_HARVEST_AUTH = _names("""
    auth_allow_anonymous_access get_job_object get_obj_object get_source_object
    harvest_sources_clear user_is_sysadmin
""")

_GOVERNANCE: dict[str, Entry] = {
    "package_delete": _governance(Rule.DELETE, "", Place("id", Find.PACKAGE)),
    "dataset_purge": _governance(Rule.PURGE, "", Place("id", Find.PACKAGE)),
    "package_owner_org_update": Entry(
        Kind.GOVERNANCE, (Place("id", Find.PACKAGE),), Rule.MOVE, noted=True),
    "organization_delete": _governance(Rule.END_ORGANIZATION, ""),
    "organization_purge": _governance(Rule.END_ORGANIZATION, ""),
    "bulk_update_public": _governance(Rule.NEVER, _PUBLISH),
    "bulk_update_private": _governance(Rule.NEVER, _HIDE),
    "bulk_update_delete": _governance(Rule.NEVER, _ONE_BY_ONE),
    "package_collaborator_create": _governance(Rule.NEVER, _BY_ROLE),
    "resource_view_clear": _governance(Rule.NEVER, _VIEWS),
    # Seen with CKAN 2.12: KeyError object_package_id at every write and at search-index rebuild.
    "package_relationship_create": _governance(Rule.NEVER, _RELATIONS),
    "package_relationship_update": _governance(Rule.NEVER, _RELATIONS),
    "term_translation_update": _governance(Rule.NEVER, _TERMS),
    "term_translation_update_many": _governance(Rule.NEVER, _TERMS),
    "api_token_create": _governance(Rule.OWN_TOKEN, _TOKEN),
    # Whoever holds another's account could decide in their name; user_patch calls user_update.
    **{name: _governance(Rule.ACCOUNT, "") for name in _names(
        "api_token_revoke user_create user_update")},
    # An activity tells the public what happened to a dataset, with its title and text.
    "activity_create": _governance(Rule.PORTAL_ONLY, _CODE_ONLY),
    # The body of a function may write to any table of the datastore.
    "datastore_function_create": _governance(Rule.PORTAL_ONLY, _CODE_ONLY),
    "datastore_function_delete": _governance(Rule.PORTAL_ONLY, _CODE_ONLY),
    # ckanext-harvest lets GET call this one, which a link in a mail could do; a guard does not.
    "harvest_sources_reindex": _governance(Rule.NONE, ""),
    "harvest_source_clear": _governance(Rule.CLEAR_SOURCE, ""),
    "harvest_source_index_clear": _governance(Rule.CLEAR_SOURCE, ""),
    **{name: _governance(Rule.STORED_FILE, _FILES) for name in _names("""
        file_create file_delete file_ownership_transfer file_pin file_register file_rename
        file_unpin""")},
    **{name: _governance(Rule.NEVER, _NO_ACTION) for name in _HARVEST_HELPERS + _HARVEST_AUTH},
}

# ------------------------------------------------------------------------------------ WORKFLOW
_WORKFLOW = _names("""
    satudata_access_grant_create satudata_access_grant_revoke satudata_access_request_answer
    satudata_berita_acara_cancel satudata_berita_acara_confirm satudata_berita_acara_create
    satudata_berita_acara_issue satudata_berita_acara_refuse satudata_berita_acara_update
    satudata_checklist_update satudata_finding_answer satudata_finding_create
    satudata_finding_resolve satudata_grid_submit satudata_inspection_run satudata_intake_accept
    satudata_intake_correct satudata_intake_create satudata_intake_discard
    satudata_intake_restore satudata_paste_submit satudata_recipe_update
    satudata_recap_accept satudata_recap_close satudata_recap_create satudata_recap_merge
    satudata_recap_remind satudata_recap_update
    satudata_revision_start satudata_role_grant satudata_role_revoke
    satudata_purge_cancel satudata_submission_transition satudata_submission_transition_bulk
    satudata_template_create satudata_tidy_accept satudata_tidy_update satudata_upload_link_create
    satudata_upload_link_extend satudata_upload_link_revoke satudata_withdrawal_explain
""")

#: Every action by name.
ACTIONS: Mapping[str, Entry] = MappingProxyType({
    **dict.fromkeys(_READ, Entry(Kind.READ)),
    **dict.fromkeys(_NEUTRAL, Entry(Kind.NEUTRAL)),
    **_CONTENT,
    **_GOVERNANCE,
    **dict.fromkeys(_WORKFLOW, Entry(Kind.WORKFLOW)),
})

#: Every guarded content write, for tests that walk them.
CONTENT: Mapping[str, Entry] = MappingProxyType(_CONTENT)

#: Registered only with an option or in some order of loading.
SOMETIMES = frozenset({"datastore_search_sql", *_HARVEST_AUTH})

#: What an operator may say of an action of another plugin.
_OTHERS: Mapping[str, Entry] = MappingProxyType({
    Kind.READ.value: Entry(Kind.READ),
    Kind.NEUTRAL.value: Entry(Kind.NEUTRAL),
    Kind.CONTENT.value: Entry(Kind.CONTENT, (Place("", Find.ANY),), noted=True),
})


def parse_others(lines: Iterable[str]) -> dict[str, Entry]:
    """Read the operator's list of other plugins' actions, ``name:class``.

    The class is ``read``, ``neutral`` or ``content``. ``content`` is guarded as our own are: the
    action must name its dataset by ``id``, ``package_id``, ``dataset_id``, ``resource_id`` or
    ``name``, or it is refused.

    :raises OtherActionError: no name or class, a class that does not exist, or an action that
        stands in the table already (nobody opens what the table holds shut)
    """
    found: dict[str, Entry] = {}
    for line in lines:
        name, colon, kind = line.strip().partition(":")
        if not name or not colon or kind not in _OTHERS:
            raise OtherActionError(line, f"write name:class, class one of {', '.join(_OTHERS)}")
        if name in ACTIONS:
            raise OtherActionError(line, "this action is classified by the portal itself")
        found[name] = _OTHERS[kind]
    return found
