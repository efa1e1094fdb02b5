"""Blueprints of all rooms, in the order they are registered."""
from __future__ import annotations

from flask import Blueprint

from ckanext.satudata.access.desk_views import blueprint as access_desk
from ckanext.satudata.access.request_views import blueprint as access_requests
from ckanext.satudata.access.views import blueprint as access
from ckanext.satudata.berita_acara.views import blueprint as berita_acara
from ckanext.satudata.data_induk.views import blueprint as data_induk
from ckanext.satudata.entry_sheets.grid_views import blueprint as grid
from ckanext.satudata.entry_sheets.paste_views import blueprint as paste
from ckanext.satudata.entry_sheets.template_views import blueprint as template
from ckanext.satudata.federation.feed.catalog_views import blueprint as feed
from ckanext.satudata.federation.feed.changes_views import blueprint as feed_changes
from ckanext.satudata.federation.feed.guide_views import blueprint as feed_guide
from ckanext.satudata.federation.feed.metadata_views import blueprint as feed_metadata
from ckanext.satudata.federation.feed.nasional_views import blueprint as feed_nasional
from ckanext.satudata.federation.feed.pod_views import blueprint as feed_pod
from ckanext.satudata.federation.formats.views import blueprint as formats
from ckanext.satudata.federation.profile_views import blueprint as profile
from ckanext.satudata.federation.quality.views import blueprint as quality
from ckanext.satudata.federation.series_views import blueprint as series
from ckanext.satudata.files.trouble_page import blueprint as storage_trouble
from ckanext.satudata.inspection.views import blueprint as inspection
from ckanext.satudata.intake.desk_views import blueprint as intake_desk
from ckanext.satudata.intake.raw_views import blueprint as raw_files
from ckanext.satudata.links.manage_views import blueprint as links
from ckanext.satudata.links.setor_views import blueprint as setor
from ckanext.satudata.metadata.views import get_blueprint as metadata
from ckanext.satudata.notices.views import blueprint as notices
from ckanext.satudata.pages.opensearch_views import blueprint as opensearch
from ckanext.satudata.pages.sitemap_views import blueprint as sitemap
from ckanext.satudata.pages.views import pages
from ckanext.satudata.planning.views import blueprint as planning
from ckanext.satudata.purging.views import get_blueprint as purging
from ckanext.satudata.recap.views import blueprint as recap
from ckanext.satudata.roles.views import blueprint as roles
from ckanext.satudata.shared.forged import blueprint as forged
from ckanext.satudata.shared.kept_form import blueprint as kept_form
from ckanext.satudata.tables.views import blueprint as tables
from ckanext.satudata.uploads.views import blueprint as uploads
from ckanext.satudata.usage.noticing import blueprint as usage_noticing
from ckanext.satudata.usage.views import blueprint as usage
from ckanext.satudata.versions.diff_views import blueprint as diff
from ckanext.satudata.versions.views import blueprint as versions
from ckanext.satudata.visibility.views import visibility
from ckanext.satudata.vocabulary.editing_views import blueprint as vocabulary_editing
from ckanext.satudata.vocabulary.views import blueprint as vocabulary
from ckanext.satudata.wizard.views import get_blueprint as wizard
from ckanext.satudata.workflow.refusal_page import blueprint as refusal
from ckanext.satudata.workflow.views import get_blueprint as workflow


def get_blueprints() -> list[Blueprint]:
    """Return every blueprint of the extension."""
    return [
        usage_noticing,  # what is done after a request is done last by the first
        forged,
        kept_form,
        access,
        access_desk,
        access_requests,
        berita_acara,
        data_induk,
        diff,
        feed(),
        feed_changes,
        feed_guide,
        feed_metadata(),
        feed_nasional(),
        feed_pod,
        formats,
        profile,
        series,
        grid,
        inspection,
        intake_desk,
        links,
        metadata(),
        notices,
        opensearch,
        pages,
        paste,
        planning,
        purging(),
        quality,
        raw_files,
        recap,
        refusal,
        roles,
        setor,
        sitemap,
        tables,
        template,
        uploads,
        usage,
        versions,
        storage_trouble,
        visibility,
        vocabulary,
        vocabulary_editing,
        wizard(),
        workflow(),
    ]
