"""The workflow's table, read as the law reads: Perpres 39/2019 art. 32-39."""
from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.decision import Facts, Request, Rules, answered, available, decide
from ckanext.satudata.domain.errors import (
    FourEyesError,
    NotAllowedError,
    StateConflictError,
    TransitionInvalidError,
    VersionConflictError,
)
from ckanext.satudata.domain.roles import (
    GRANTS,
    SCOPES,
    Actor,
    Grant,
    Permission,
    Role,
    Subject,
    may,
    roles_of,
)
from ckanext.satudata.domain.versions.kinds import Change
from ckanext.satudata.domain.workflow import (
    EDITABLE,
    FROZEN,
    OPEN,
    PUBLIC,
    STATE_LABELS,
    TRANSITIONS,
    Effect,
    State,
    by_name,
)

NOW = dt.datetime(2026, 11, 21, 3, tzinfo=dt.timezone.utc)
OPD = Subject("dinkes", "statistik")
RULES = Rules()


def who(role: Role, scope: str = "", name: str = "u") -> Actor:
    return Actor(name, name, (Grant(role, scope),))


WALIDATA = who(Role.WALIDATA, name="wali")
PRODUSEN = who(Role.PRODUSEN_DATA, "dinkes", name="produsen")


def facts(state: State, **more: object) -> Facts:
    return replace(Facts(state, 1, OPD, frozenset({"produsen"}), "produsen"), **more)  # type: ignore[arg-type]


def test_states_and_roles_are_those_of_the_vocabularies() -> None:
    assert {each.value for each in State} == {each.code for each in vocabulary.get("status_alur")}
    stored = {each.value for each in Role} - {"anggota"}
    assert stored <= {each.code for each in vocabulary.get("peran")}
    assert set(GRANTS) == set(SCOPES) == set(Role)
    assert set(STATE_LABELS) == set(State)


def test_every_permission_is_held_by_somebody_and_asked_for_somewhere() -> None:
    held = {permission for permissions in GRANTS.values() for permission in permissions}
    assert set(Permission) - held == {Permission.KELOLA_PERAN}  # only the sysadmin


def test_a_state_is_editable_frozen_public_or_done() -> None:
    assert not EDITABLE & FROZEN
    assert not OPEN & PUBLIC
    assert set(State) - OPEN - PUBLIC == {State.DIGANTIKAN, State.DITARIK, State.DIBATALKAN}


def test_every_state_can_be_reached() -> None:
    reached = {each.target for each in TRANSITIONS} | {
        each.to_pembina for each in TRANSITIONS if each.to_pembina}
    assert reached == set(State)


def test_only_what_was_approved_becomes_public() -> None:
    to_public = [each for each in TRANSITIONS if each.target in PUBLIC]
    assert [(each.name, each.source) for each in to_public] == [("terbitkan", State.DISETUJUI)]
    to_approved = {each.source for each in TRANSITIONS
                   if each.target is State.DISETUJUI and each.effect is Effect.APPROVE}
    assert to_approved == {State.DIPERIKSA_WALIDATA, State.DIPERIKSA_PEMBINA}
    assert all(each.four_eyes for each in TRANSITIONS if each.effect is Effect.APPROVE)


@pytest.mark.parametrize("role", [
    Role.PRODUSEN_DATA, Role.PEJABAT_PENGELOLA_DATA, Role.AGEN_STATISTIK, Role.WALIDATA_PENDUKUNG,
    Role.SEKRETARIAT, Role.KOORDINATOR_FORUM, Role.PPID, Role.PIMPINAN, Role.PENGGUNA_PEMERINTAH,
    Role.ANGGOTA])
def test_nobody_but_walidata_and_pembina_approves(role: Role) -> None:
    actor = Actor("x", "x", tuple(Grant(role, scope) for scope in ("", "dinkes", "statistik")))
    for permission in (Permission.SETUJUI, Permission.PERIKSA_PEMBINA, Permission.TERBITKAN):
        assert not may(actor, permission, replace(OPD, restricted=True, at_pembina=True))


def test_a_role_reaches_as_far_as_its_scope() -> None:
    helper = who(Role.WALIDATA_PENDUKUNG, "dinkes")
    assert may(helper, Permission.PERIKSA, OPD)
    assert not may(helper, Permission.PERIKSA, Subject("dinsos", "statistik"))
    assert not may(who(Role.WALIDATA_PENDUKUNG), Permission.PERIKSA, Subject("", "statistik"))
    coach = who(Role.PEMBINA_DATA, "statistik")
    assert not may(coach, Permission.BACA, OPD)  # not before the walidata hands it over
    assert may(coach, Permission.BACA, replace(OPD, at_pembina=True))
    assert not may(coach, Permission.BACA, Subject("dinkes", "geospasial", at_pembina=True))
    ppid = who(Role.PPID)
    assert not may(ppid, Permission.BACA, OPD)
    assert may(ppid, Permission.BACA, replace(OPD, restricted=True))
    assert may(ppid, Permission.TARIK_DARURAT, OPD)
    assert roles_of(helper, OPD) == (Role.WALIDATA_PENDUKUNG,)


def test_permission_comes_before_state_and_state_before_version() -> None:
    with pytest.raises(NotAllowedError):
        decide(facts(State.TERBIT), Request("setujui", 99), PRODUSEN, RULES, NOW)
    with pytest.raises(StateConflictError):
        decide(facts(State.TERBIT), Request("setujui", 99), WALIDATA, RULES, NOW)
    with pytest.raises(VersionConflictError):
        decide(facts(State.DIPERIKSA_WALIDATA), Request("setujui", 99), WALIDATA, RULES, NOW)
    with pytest.raises(TransitionInvalidError):
        decide(facts(State.DIPERIKSA_WALIDATA), Request("setujui", None), WALIDATA, RULES, NOW)
    with pytest.raises(TransitionInvalidError):
        decide(facts(State.DRAF), Request("terbang", 1), WALIDATA, RULES, NOW)


def test_four_eyes_binds_whoever_wrote_it_whatever_they_are() -> None:
    for actor in (replace(WALIDATA, id="produsen"), Actor("produsen", sysadmin=True)):
        with pytest.raises(FourEyesError):
            decide(facts(State.DIPERIKSA_WALIDATA), Request("setujui", 1), actor, RULES, NOW)
    other = Actor("boss", sysadmin=True)
    assert decide(facts(State.DIPERIKSA_WALIDATA), Request("setujui", 1), other, RULES,
                  NOW).target is State.DISETUJUI


def test_data_prioritas_goes_to_the_pembina_where_there_is_one() -> None:
    def target(**more: object) -> State:
        return decide(facts(State.DIPERIKSA_WALIDATA, **more), Request("setujui", 1), WALIDATA,
                      RULES, NOW).target

    assert target() is State.DISETUJUI
    assert target(prioritas=True) is State.DIPERIKSA_PEMBINA
    assert target(prioritas=True, subject=Subject("x", "lainnya")) is State.DISETUJUI


def test_nothing_is_returned_without_a_reason_or_a_catatan() -> None:
    inspected = facts(State.DIPERIKSA_WALIDATA)
    with pytest.raises(TransitionInvalidError):
        decide(inspected, Request("kembalikan", 1, note="  "), WALIDATA, RULES, NOW)
    decide(inspected, Request("kembalikan", 1, findings=1), WALIDATA, RULES, NOW)
    decide(replace(inspected, open_findings=1), Request("kembalikan", 1), WALIDATA, RULES, NOW)
    decide(inspected, Request("kembalikan", 1, note="kurang"), WALIDATA, RULES, NOW)


def test_nothing_is_approved_while_a_wajib_catatan_is_open() -> None:
    with pytest.raises(TransitionInvalidError):
        decide(facts(State.DIPERIKSA_WALIDATA, blocking=1), Request("setujui", 1), WALIDATA,
               RULES, NOW)


@pytest.mark.parametrize("hindrance", [{"gaps": 2}, {"unanswered": 1}])
def test_unfinished_data_is_not_handed_in(hindrance: dict[str, int]) -> None:
    with pytest.raises(TransitionInvalidError):
        decide(facts(State.DRAF, **hindrance), Request("ajukan", 1), PRODUSEN, RULES, NOW)


FIGURES_CHANGED = Change(files=1, past_changed=3)


def hand_in(change: Change | None, **more: str) -> str:
    return decide(facts(State.DRAF, change=change), Request("ajukan", 1, **more), PRODUSEN, RULES,
                  NOW).kind


def test_a_version_that_follows_another_says_what_kind_it_is() -> None:
    assert hand_in(None) == ""
    assert hand_in(Change(fields=2)) == "perubahan_metadata"
    assert hand_in(Change(files=1)) == "rilis_baru"
    assert hand_in(FIGURES_CHANGED, reason="Salah ketik.") == "perbaikan"
    assert hand_in(Change(files=1), kind="perbaikan", reason="Salah berkas.") == "perbaikan"


@pytest.mark.parametrize(("change", "more", "field"), [
    (FIGURES_CHANGED, {}, "reason"),
    (FIGURES_CHANGED, {"kind": "rilis_baru", "reason": "  "}, "reason"),
    (Change(fields=1), {"kind": "perbaikan"}, "reason"),
    (Change(files=1), {"kind": "perubahan_metadata"}, "kind"),
    (Change(files=1), {"kind": "apa saja"}, "kind"),
])
def test_published_figures_do_not_change_without_a_reason(
    change: Change, more: dict[str, str], field: str
) -> None:
    with pytest.raises(TransitionInvalidError) as refused:
        hand_in(change, **more)
    assert set(refused.value.fields) == {field}


def test_nothing_is_handed_in_before_it_is_compared_with_what_is_public() -> None:
    with pytest.raises(StateConflictError, match="progress"):
        hand_in(Change(files=1, past_changed=None, progress=40))


def test_a_catatan_returned_again_waits_for_an_answer_again() -> None:
    later = NOW + dt.timedelta(hours=1)
    assert not answered(None, NOW)
    assert answered(later, NOW) and answered(NOW, NOW)
    assert not answered(NOW, later)


def test_what_walidata_typed_waits_for_the_producer() -> None:
    typed = facts(State.DRAF, on_behalf=True, typed_by="wali", authors=frozenset({"wali"}))
    with pytest.raises(StateConflictError):
        decide(typed, Request("ajukan", 1), PRODUSEN, RULES, NOW)
    both = Actor("wali", "wali", (*WALIDATA.grants, *PRODUSEN.grants))
    with pytest.raises(FourEyesError):
        decide(typed, Request("konfirmasi", 1), both, RULES, NOW)
    assert decide(typed, Request("konfirmasi", 1), PRODUSEN, RULES, NOW).target is State.DRAF


def test_a_letter_is_signed_by_the_official_where_configured() -> None:
    rules = Rules(letter_needed=True)
    letter = {"nomor": "400/1", "tanggal": "2026-11-20"}
    with pytest.raises(NotAllowedError):
        decide(facts(State.DRAF), Request("ajukan", 1, letter=letter), PRODUSEN, rules, NOW)
    official = who(Role.PEJABAT_PENGELOLA_DATA, "dinkes")
    with pytest.raises(TransitionInvalidError):
        decide(facts(State.DRAF), Request("ajukan", 1), official, rules, NOW)
    decide(facts(State.DRAF), Request("ajukan", 1, letter=letter), official, rules, NOW)


def test_who_writes_a_step_wrong_is_told_those_one_may_take() -> None:
    with pytest.raises(TransitionInvalidError) as refused:
        decide(facts(State.DRAF), Request("submit", 1), PRODUSEN, RULES, NOW)
    known = str(refused.value.values["known"])
    assert "ajukan" in known and "revisi" in known
    assert "gantikan" not in known and "mulai" not in known, "these happen by themselves"


def test_the_producer_hears_what_they_have_to_mend_before_who_signs() -> None:
    rules = Rules(letter_needed=True)
    for wanting in ({"unanswered": 1}, {"gaps": 2}):
        with pytest.raises(TransitionInvalidError):
            decide(facts(State.DIKEMBALIKAN, **wanting), Request("ajukan", 1), PRODUSEN, rules, NOW)


def test_only_the_sender_or_the_opds_admin_takes_back() -> None:
    colleague = replace(PRODUSEN, id="rekan")
    with pytest.raises(NotAllowedError):
        decide(facts(State.DIAJUKAN), Request("tarik_ajuan", 1), colleague, RULES, NOW)
    decide(facts(State.DIAJUKAN), Request("tarik_ajuan", 1), PRODUSEN, RULES, NOW)
    decide(facts(State.DIAJUKAN), Request("tarik_ajuan", 1),
           replace(colleague, admin_of=frozenset({"dinkes"})), RULES, NOW)


def test_the_clock_publishes_what_is_due_and_nothing_else() -> None:
    nobody = Actor("")
    due = facts(State.DISETUJUI, release_at=NOW)
    assert decide(due, Request("terbitkan", 1), nobody, RULES, NOW, clock=True).target is (
        State.TERBIT)
    for wrong in (facts(State.DISETUJUI), facts(State.DRAF, release_at=NOW),
                  replace(due, release_at=NOW + dt.timedelta(minutes=1))):
        with pytest.raises(StateConflictError):
            decide(wrong, Request("terbitkan", 1), nobody, RULES, NOW, clock=True)
    with pytest.raises(StateConflictError):
        decide(due, Request("tarik", 1), nobody, RULES, NOW, clock=True)


def test_a_release_is_in_the_future_and_only_where_it_means_something() -> None:
    later = NOW + dt.timedelta(days=1)
    with pytest.raises(TransitionInvalidError):
        decide(facts(State.DISETUJUI), Request("jadwalkan", 1), WALIDATA, RULES, NOW)
    with pytest.raises(TransitionInvalidError):
        decide(facts(State.DISETUJUI), Request("jadwalkan", 1, release_at=NOW), WALIDATA, RULES,
               NOW)
    with pytest.raises(TransitionInvalidError):
        decide(facts(State.DISETUJUI), Request("terbitkan", 1, release_at=later), WALIDATA, RULES,
               NOW)
    decide(facts(State.DISETUJUI), Request("jadwalkan", 1, release_at=later), WALIDATA, RULES, NOW)


def test_a_release_of_a_year_nobody_meant_is_asked_about() -> None:
    far = NOW + dt.timedelta(days=5 * 366)
    decide(facts(State.DISETUJUI), Request("jadwalkan", 1, release_at=far), WALIDATA, RULES, NOW)
    with pytest.raises(TransitionInvalidError, match="Periksa tahunnya"):
        decide(facts(State.DISETUJUI), Request("jadwalkan", 1, release_at=NOW.replace(year=2126)),
               WALIDATA, RULES, NOW)


def test_no_release_is_set_before_the_pembina_agreed() -> None:
    later = NOW + dt.timedelta(days=1)
    asked = Request("setujui", 1, release_at=later)
    inspected = facts(State.DIPERIKSA_WALIDATA)
    assert decide(inspected, asked, WALIDATA, RULES, NOW).target is State.DISETUJUI
    with pytest.raises(TransitionInvalidError, match="Pembina Data memeriksa"):
        decide(replace(inspected, prioritas=True), asked, WALIDATA, RULES, NOW)


def test_a_schedule_is_taken_back_where_there_is_one() -> None:
    planned = facts(State.DISETUJUI, release_at=NOW + dt.timedelta(days=1))
    undo = Request("batalkan_jadwal", 1)
    assert decide(planned, undo, WALIDATA, RULES, NOW).target is State.DISETUJUI
    with pytest.raises(StateConflictError):
        decide(facts(State.DISETUJUI), undo, WALIDATA, RULES, NOW)
    assert "batalkan_jadwal" not in {each.name for each, _why in available(
        facts(State.DISETUJUI), WALIDATA, RULES)}


def test_only_somebody_who_may_inspect_takes_over() -> None:
    inspected = facts(State.DIPERIKSA_WALIDATA)
    with pytest.raises(TransitionInvalidError):
        decide(inspected, Request("alihkan", 1), WALIDATA, RULES, NOW)
    with pytest.raises(TransitionInvalidError):
        decide(inspected, Request("alihkan", 1, inspector=PRODUSEN), WALIDATA, RULES, NOW)
    decide(inspected, Request("alihkan", 1, inspector=replace(WALIDATA, id="lain")), WALIDATA,
           RULES, NOW)


def test_a_button_is_offered_with_what_stands_in_its_way() -> None:
    offered = available(facts(State.DIPERIKSA_WALIDATA, blocking=1), WALIDATA, RULES)
    by = {each.name: hindrance for each, hindrance in offered}
    assert isinstance(by["setujui"], TransitionInvalidError)
    assert by["kembalikan"] is None
    assert not available(facts(State.DIPERIKSA_WALIDATA), PRODUSEN, RULES)
    assert by_name(State.TERBIT, "gantikan") is not None
    assert "gantikan" not in {each.name for each, _ in available(
        facts(State.TERBIT), WALIDATA, RULES)}
