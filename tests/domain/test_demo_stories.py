"""The demo's stories obey the law of the workflow, and leave somebody to act in every state."""
from __future__ import annotations

import datetime as dt

import pytest

from ckanext.satudata.domain import metadata, vocabulary
from ckanext.satudata.domain.decision import Facts, Request, Rules, decide
from ckanext.satudata.domain.demo import access, agencies, catalog, package, stories
from ckanext.satudata.domain.demo.editions import EDITIONS
from ckanext.satudata.domain.demo.region import Region
from ckanext.satudata.domain.requests import answer_due
from ckanext.satudata.domain.roles import Actor, Grant, Role, Subject
from ckanext.satudata.domain.versions.kinds import Change, propose
from ckanext.satudata.domain.workflow import EDITABLE, State

REGION = Region("36.04")
ZONE = dt.timezone(dt.timedelta(hours=7))
#: Every weekday once, so that no weekend turns a story round.
DAYS = [dt.datetime(2026, 11, 16 + n, 10, 30, tzinfo=ZONE) for n in range(7)]
NOW = DAYS[5]
RULES = Rules()
SPECS = {spec.key: spec for spec in catalog.DATASETS}
ENTRIES = package.entries(REGION, RULES.pembina_for)


def actors() -> dict[str, Actor]:
    """Return everybody of the demo with the roles they are given, by name without prefix."""
    found = {}
    for person in agencies.people(REGION):
        capacity = {"admin": Role.PRODUSEN_DATA, "editor": Role.PRODUSEN_DATA,
                    "member": Role.ANGGOTA}[person.capacity]
        grants = [Grant(capacity, person.organization)] if person.organization else []
        if person.role not in ("produsen_data", "pengguna"):
            grants.append(Grant(Role(person.role), person.scope))
        found[person.name] = Actor(person.name, person.title, tuple(grants))
    return found


def subject_of(entry: package.Entry) -> tuple[Subject, bool]:
    """Return what permissions are asked for, and whether it is Data Prioritas."""
    producer = next(p for p in agencies.people(REGION) if p.name == entry.producer)
    spec = SPECS.get(entry.name.removeprefix("contoh-"))
    kind = spec.kind if spec else "statistik"
    return Subject(producer.organization or "", kind), bool(spec and spec.priority)


def walk(entry: package.Entry, now: dt.datetime = NOW) -> list[State]:
    """Take every step of a story by the rule itself; return where each version ends."""
    if entry.story is None:
        return [State.TERBIT]
    people, (subject, priority) = actors(), subject_of(entry)
    state, version, authors, submitted_by = State.DRAF, 1, {entry.producer}, ""
    ended: list[State] = []
    change: Change | None = None
    _, *times = stories.times(entry.story, now)
    notes = 0
    for step, taken in zip(entry.story.steps, times, strict=True):
        person = people[entry.producer if step.by == stories.PRODUSEN else f"contoh-{step.by}"]
        facts = Facts(
            state, version, subject, frozenset(authors), submitted_by, prioritas=priority,
            open_findings=notes, change=change)
        outcome = decide(
            facts,
            Request(step.transition, version, step.note, len(step.catatan),
                    inspector=people[f"contoh-{step.inspector}"] if step.inspector else None,
                    release_at=stories.release(step, taken) if step.release_in else None,
                    kind=step.kind, reason=step.reason),
            person, RULES, taken)
        assert not step.answers or state in EDITABLE
        assert bool(step.edition) == (step.transition == "revisi")
        notes += len(step.catatan)
        if step.transition == "revisi":
            ended.append(state)
            change, notes = changed(entry, step.edition), 0
        if step.transition == "ajukan" and change is not None:
            assert step.kind == propose(change)
        state, version = outcome.target, version + 1
        if step.transition == "ajukan":
            submitted_by = person.id
    return [*ended, state]


def changed(entry: package.Entry, number: int) -> Change:
    """Return what an edition changes of the one before, and check that it is what is told."""
    before, after = (package.said(REGION, entry.name, each, NOW.date())
                     for each in (number - 1, number))
    fields = [name for name in after.fields if after.fields[name] != before.fields.get(name)]
    assert {"version", "version_notes"} <= {*fields}
    past = files = 0
    for name, (table, content) in after.files.items():
        older, bytes_before = before.files[name]
        files += content != bytes_before
        past += len({*map(tuple, older.rows)} - {*map(tuple, table.rows)})
    return Change(len(fields), files, past)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_every_step_is_one_its_person_may_take(entry: package.Entry) -> None:
    walk(entry)


def test_somebody_has_to_act_in_every_state_and_most_is_published() -> None:
    ends = [walk(entry) for entry in ENTRIES]
    assert {end for each in ends for end in each} == set(State) - {State.DIGANTIKAN}
    datasets = ends[-len(catalog.DATASETS) - 2:]  # and two of desa; what they refer to is first
    assert len(datasets) == 41
    assert sum(State.TERBIT in each for each in datasets) >= 24
    assert sum(each[-1] is not State.TERBIT for each in datasets) >= 12
    assert sorted(len(each) for each in datasets if len(each) > 1) == [2, 2, 2, 3]


def test_a_later_edition_is_what_the_recipes_give() -> None:
    for key, editions in EDITIONS.items():
        last = editions[-1]
        assert not last.years_short and not last.late, key
        story = stories.STORIES[key]
        assert [step.edition for step in story.steps if step.edition] == [
            *range(2, len(editions) + 1)], key


@pytest.mark.parametrize("now", DAYS, ids=lambda day: day.strftime("%A"))
def test_restricted_data_is_asked_for_opened_and_waits_whatever_the_day(now: dt.datetime) -> None:
    people = {person.name for person in agencies.people(REGION)}
    for key, acts in access.ACTS.items():
        spec = SPECS[key]
        assert spec.closed is not None and spec.closed.access == "terbatas"
        published = stories.times(stories.STORIES[key], now)[-1]
        times = [stories.office_hour(now, act.days, number) for number, act in enumerate(acts)]
        assert [published, *times] == sorted({published, *times}) and times[-1] < now
        assert {f"contoh-{act.by}" for act in acts} <= people
        waiting = [act for act in acts if isinstance(act, access.Asked) and not act.answer]
        assert len(waiting) == 1
        due = answer_due(stories.office_hour(now, waiting[0].days, len(acts) - 1), (), ZONE)
        assert now < due <= now + dt.timedelta(4)


@pytest.mark.parametrize("now", DAYS, ids=lambda day: day.strftime("%A"))
def test_whatever_the_day_steps_follow_each_other_in_office_hours(now: dt.datetime) -> None:
    for entry in ENTRIES:
        if entry.story is None:
            continue
        times = stories.times(entry.story, now)
        assert times == sorted(set(times)), entry.name
        assert all(each < now and each.weekday() < 5 and 8 <= each.hour < 16 for each in times)


@pytest.mark.parametrize("now", DAYS, ids=lambda day: day.strftime("%A"))
def test_what_is_approved_with_a_date_has_that_date_still_to_come(now: dt.datetime) -> None:
    planned = [
        stories.release(step, taken)
        for story in stories.STORIES.values()
        for step, taken in zip(story.steps, stories.times(story, now)[1:], strict=True)
        if step.release_in]
    assert planned and all(each > now for each in planned)


def test_a_government_without_a_second_inspection_has_the_same_demo_without_it() -> None:
    for entry in package.entries(REGION, ()):
        steps = entry.story.steps if entry.story else ()
        assert not [step for step in steps if step.by.startswith("pembina-")]


def test_every_catatan_uses_the_words_of_the_vocabularies() -> None:
    reasons = {concept.code for concept in vocabulary.get("alasan_periksa")}
    catatan = [note for story in stories.STORIES.values() for step in story.steps
               for note in step.catatan]
    assert len(catatan) >= 8
    for note in catatan:
        assert note.principle in metadata.PRINCIPLES
        assert note.severity in metadata.SEVERITIES
        assert note.code in reasons
        assert bool(note.field) != bool(note.column)
        assert note.how
    assert {note.severity for note in catatan} == set(metadata.SEVERITIES)


def test_stories_and_those_who_were_online_before_are_about_datasets_of_the_demo() -> None:
    desa = {"keluarga-desa-1", "keluarga-desa-2"}
    assert set(stories.STORIES) | stories.BEFORE <= set(SPECS) | desa
    assert not set(stories.STORIES) & stories.BEFORE


def test_no_role_but_a_producer_s_comes_without_the_scope_it_needs() -> None:
    people = agencies.people(REGION)
    assert sum(person.role == "walidata" for person in people) >= 2
    for person in people:
        if person.role in ("walidata_pendukung", "pejabat_pengelola_data", "agen_statistik"):
            assert person.scope == person.organization
        if person.role == "pembina_data":
            assert person.scope in ("statistik", "geospasial")
