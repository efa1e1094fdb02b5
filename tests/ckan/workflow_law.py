"""Who may take which step, written down a second time, straight from the design and the law.

The matrix holds the portal against this page, so nothing here is imported from ``domain``:
a slip in the tables there shows as a difference.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Words = frozenset[str]

OPEN_STATES = ("draf", "diajukan", "diperiksa_walidata", "dikembalikan", "diperiksa_pembina",
               "dikembalikan_pembina", "disetujui")
STATES = (*OPEN_STATES, "terbit", "digantikan", "ditarik", "dibatalkan")

#: A state as it is with something else to know: Data Prioritas; typed by the walidata and not
#: confirmed by the OPD yet.
PRIORITY, TYPED = "diperiksa_walidata, prioritas", "draf, atas nama"
CASES = (*STATES, PRIORITY, TYPED)

#: Stands on a step that the same person may not take who wrote or submitted the version.
FOUR_EYES = "four eyes"
#: Stands on a step for whoever submitted the version, or an admin of the OPD.
OWN = "own"

#: step | state | leads to | who | condition. Sysadmin may take every step.
LAW = """
konfirmasi           | draf                 | draf                 | produsen agen pejabat
konfirmasi           | dikembalikan         | dikembalikan         | produsen agen pejabat
ajukan               | draf                 | diajukan             | produsen agen pejabat
ajukan               | dikembalikan         | diajukan             | produsen agen pejabat
tarik_ajuan          | diajukan             | draf                 | produsen agen pejabat | own
periksa              | diajukan             | diperiksa_walidata   | walidata pendukung
alihkan              | diperiksa_walidata   | diperiksa_walidata   | walidata pendukung
kembalikan           | diperiksa_walidata   | dikembalikan         | walidata pendukung
setujui              | diperiksa_walidata   | disetujui            | walidata        | four eyes
setujui              | diperiksa_pembina    | disetujui            | pembina         | four eyes
kembalikan           | diperiksa_pembina    | dikembalikan_pembina | pembina
kembalikan           | dikembalikan_pembina | dikembalikan         | walidata
minta_periksa_ulang  | dikembalikan_pembina | diperiksa_pembina    | walidata
terbitkan            | disetujui            | terbit               | walidata
jadwalkan            | disetujui            | disetujui            | walidata
batalkan_jadwal      | disetujui            | disetujui            | walidata
batalkan_persetujuan | disetujui            | dikembalikan         | walidata
tarik                | terbit               | ditarik              | walidata
revisi               | terbit               | draf                 | produsen agen
revisi               | ditarik              | draf                 | produsen agen
batalkan             | draf                 | dibatalkan           | produsen agen
batalkan             | dikembalikan         | dibatalkan           | produsen agen
tarik_darurat        | draf                 | ditarik              | walidata ppid
tarik_darurat        | diajukan             | ditarik              | walidata ppid
tarik_darurat        | diperiksa_walidata   | ditarik              | walidata ppid
tarik_darurat        | dikembalikan         | ditarik              | walidata ppid
tarik_darurat        | diperiksa_pembina    | ditarik              | walidata ppid
tarik_darurat        | dikembalikan_pembina | ditarik              | walidata ppid
tarik_darurat        | disetujui            | ditarik              | walidata ppid
tarik_darurat        | terbit               | ditarik              | walidata ppid
"""


@dataclass(frozen=True)
class Step:
    """One line of the law."""

    name: str
    state: str
    target: str
    who: Words
    condition: str = ""


@dataclass(frozen=True)
class Person:
    """Somebody of the matrix: the roles that count for this dataset, and what they did with it.

    :param roles: empty for whoever has a role elsewhere, had one, or will have one
    :param wrote: wrote or submitted this version
    :param own: submitted it, or is an admin of the OPD
    """

    name: str
    roles: Words = frozenset()
    wrote: bool = False
    own: bool = False
    sysadmin: bool = False


def _steps() -> Iterable[Step]:
    for line in LAW.strip().splitlines():
        name, state, target, who, *condition = (part.strip() for part in line.split("|"))
        yield Step(name, state, target, frozenset(who.split()), *condition)


#: Who may read a version that is not public: from the start, or once it was handed over.
READERS = frozenset(["produsen", "agen", "pejabat", "walidata", "pendukung"])
HANDED_OVER = {"pembina": frozenset({"diperiksa_pembina", "dikembalikan_pembina"})}
#: The red button is for whoever may press it, even of what they may not read.
UNREAD = frozenset({"tarik_darurat"})
#: And waits for nobody who edits meanwhile.
BLIND = UNREAD

STEPS = {(step.name, step.state): step for step in _steps()}
NAMES = tuple(dict.fromkeys(name for name, _ in STEPS))

#: What the portal answers: the state it leads to, or one of these.
FORBIDDEN, CONFLICT = "403", "409"


def reads(person: Person, state: str) -> bool:
    """Say whether a person may read the unpublished version in a state."""
    return person.sysadmin or bool(person.roles & READERS) or any(
        state in HANDED_OVER.get(role, ()) for role in person.roles)


def answer(person: Person, case: str, name: str) -> str:
    """Return what a person gets who asks for a step in a state.

    First whether they may at all (403), then whether now (409): nobody learns the state of
    what does not concern them.
    """
    state = case.partition(",")[0]
    if name not in UNREAD and not reads(person, state):
        return FORBIDDEN
    step = STEPS.get((name, state))
    if step is None:
        anywhere = frozenset[str]().union(*(each.who for each in STEPS.values()
                                            if each.name == name))
        return CONFLICT if person.sysadmin or person.roles & anywhere else FORBIDDEN
    if not person.sysadmin and not person.roles & step.who:
        return FORBIDDEN
    if step.condition == FOUR_EYES and person.wrote:
        return FORBIDDEN
    if step.condition == OWN and not (person.own or person.sysadmin):
        return FORBIDDEN
    if (name, case) == ("setujui", PRIORITY):
        return "diperiksa_pembina"
    # Nothing waits for a confirmation; or the OPD confirms before it hands in.
    if (name == "konfirmasi" and case != TYPED) or (name == "ajukan" and case == TYPED):
        return CONFLICT
    return step.target


def _roles(*names: str) -> Words:
    return frozenset(names)


#: Each person of the matrix. Roles elsewhere, ended, not begun or lost count for nothing.
PEOPLE = (
    Person(""),  # not logged in
    Person("tamu"),
    Person("anggota"),
    Person("produsen", _roles("produsen")),
    Person("pengirim", _roles("produsen"), wrote=True, own=True),
    Person("admin-opd", _roles("produsen"), own=True),
    Person("produsen-lain"),
    Person("agen", _roles("agen")),
    Person("agen-lain"),
    Person("pejabat", _roles("pejabat")),
    Person("pejabat-lain"),
    Person("walidata", _roles("walidata")),
    Person("walidata-pengisi", _roles("walidata"), wrote=True),
    Person("walidata-produsen", _roles("walidata", "produsen")),
    Person("walidata-berakhir"),
    Person("walidata-belum-mulai"),
    Person("walidata-dicabut"),
    Person("walidata-pindah"),
    Person("walidata-dihapus"),
    Person("admin-walidata"),  # an admin of that organization, but no walidata
    Person("pendukung", _roles("pendukung")),
    Person("pendukung-lain"),
    Person("pembina", _roles("pembina")),
    Person("pembina-lain"),  # of another jenis_data
    Person("pembina-pengisi", _roles("pembina", "produsen"), wrote=True),
    Person("ppid", _roles("ppid")),
    Person("sekretariat"),
    Person("koordinator"),
    Person("pimpinan"),
    Person("pemerintah"),
    Person("sysadmin", sysadmin=True),
    Person("sysadmin-pengisi", wrote=True, sysadmin=True),
)
