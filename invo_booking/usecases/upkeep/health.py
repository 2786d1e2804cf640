"""Check all parts that the product depends on, and report figures about these parts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from invo_booking.domain.errors import InvoError
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.run.commands import run_institution_advice
from invo_booking.settings import registry
from invo_booking.texts import say
from invo_booking.usecases.calendars import health
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.mailing import (
    mail_obstacle,
    server_name,
    server_trouble,
)
from invo_booking.usecases.shared.settings_trouble import settings_trouble
from invo_booking.usecases.upkeep import (
    audit_seals,
    copies,
    floods,
    task_runs,
    ticks,
)
from invo_booking.usecases.upkeep.audit_seals import SealFigures
from invo_booking.usecases.upkeep.delivery import MAIL_WORKER

WORKER = "worker"
LATE_BEAT = timedelta(seconds=60)
SILENT = timedelta(minutes=5)
"""Time without a heartbeat of a worker after which pages warn administrators. A restart
takes less time."""

LATE_MAIL = timedelta(minutes=10)
LATE_SEAL = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The result of one check.

    Attributes:
        needed: Whether the product cannot serve customers while this check fails.
        sentence: The result and, if it failed, what to do.
    """

    name: str
    ok: bool
    sentence: str
    needed: bool = True


def health_checks(deps: Deps) -> tuple[Check, ...]:
    """Check the database and, if it works, all other parts."""
    try:
        with deps.unit_of_work() as work:
            return (
                _ok("database", say("upkeep.health.database_right")),
                *_inside(deps, work),
            )
    except SQLAlchemyError:
        sentence = say("upkeep.health.database_down")
        return (Check(name="database", ok=False, sentence=sentence),)


def health_figures(deps: Deps) -> dict[str, float]:
    """Return figures for monitoring, by metric name."""
    now = deps.now()
    with deps.unit_of_work() as work:
        oldest = work.outbox.oldest_kept_waiting(now - LATE_MAIL)
        beat, mail_beat = work.last_beat(WORKER), work.last_beat(MAIL_WORKER)
        return {
            "outbox_open": float(work.outbox.count("open")),
            "outbox_refused": float(work.outbox.count_refused()),
            "outbox_failed": float(work.outbox.count("failed")),
            "outbox_oldest_seconds": _age(oldest, now),
            "worker_heartbeat_age_seconds": _age(beat, now) if beat else -1.0,
            "mail_worker_heartbeat_age_seconds": (
                _age(mail_beat, now) if mail_beat else -1.0
            ),
            "mail_server_failures": _mail_failures(deps, work),
            "clock_difference_seconds": ticks.clock_difference_from_database(
                deps, work
            ).total_seconds(),
            "clock_trouble": float(bool(ticks.tick_troubles(deps, work))),
            "backup_overdue_seconds": copies.backup_overdue(work, now).total_seconds(),
            "is_copy": float(work.identity.copy_origin() is not None),
            "periodic_tasks_failing": float(len(task_runs.failing_tasks(deps, work))),
            "queues_flooded": float(len(work.floods.current(now))),
            **health.connection_figures(work, now),
            **_seal_figures(audit_seals.known_seal_figures(deps, work), now),
        }


def _mail_failures(deps: Deps, work: UnitOfWork) -> float:
    """Return the number of consecutive failures of the current mail server."""
    name = server_name(deps.config, work.settings)
    trouble = work.mail_servers.trouble(name)
    return float(trouble.failures if trouble else 0)


def _inside(deps: Deps, work: UnitOfWork) -> tuple[Check, ...]:
    now = deps.now()
    try:
        name = work.roster.institution.name
    except InvoError:
        sentence = say(
            "upkeep.health.no_institution",
            run_institution_advice=run_institution_advice(deps.config),
        )
        return (Check(name="institution", ok=False, sentence=sentence),)
    return (
        _ok("institution", say("upkeep.health.ready", name=name)),
        _copy(work),
        _clock(deps, work),
        _worker(work.last_beat(WORKER), now),
        _mail_worker(work.last_beat(MAIL_WORKER), now),
        _tasks(deps, work),
        _outbox(work.outbox.oldest_kept_waiting(now - LATE_MAIL), now),
        _mail(deps, work),
        _settings(deps, work),
        _calendar(work, now),
        _audit(audit_seals.known_seal_figures(deps, work), now),
        _requests(work, now),
        _backup(work, now),
    )


def _backup(work: UnitOfWork, now: datetime) -> Check:
    late = copies.backup_overdue(work, now)
    hours = int(late / timedelta(hours=1))
    problem = (
        say("upkeep.health.backup_late", hours=hours) if late > timedelta() else ""
    )
    return _check("backup", problem, say("upkeep.health.backup_right"))


def _copy(work: UnitOfWork) -> Check:
    right = say("upkeep.health.database_no_copy")
    return _check("copy", copies.copy_sentence(work), right)


def _worker(beat: datetime | None, now: datetime) -> Check:
    silent = say("upkeep.health.worker_silent", since=_since(beat))
    problem = "" if _is_alive(beat, now) else silent
    return _check(WORKER, problem, say("upkeep.health.worker_right"))


def _mail_worker(beat: datetime | None, now: datetime) -> Check:
    silent = say("upkeep.health.mail_worker_silent", since=_since(beat))
    problem = "" if _is_alive(beat, now) else silent
    return _check("mail worker", problem, say("upkeep.health.mail_worker_right"))


def silent_workers(work: UnitOfWork, now: datetime) -> list[str]:
    """Return sentences about workers that ran but have been silent for ``SILENT``."""
    beats = {_worker: work.last_beat(WORKER), _mail_worker: work.last_beat(MAIL_WORKER)}
    return [
        check(beat, now).sentence
        for check, beat in beats.items()
        if beat is not None and abs(now - beat) >= SILENT
    ]


def _is_alive(beat: datetime | None, now: datetime) -> bool:
    """Whether a heartbeat is recent.

    A heartbeat in the far future comes from a wrong clock and does not count.
    """
    return beat is not None and abs(now - beat) < LATE_BEAT


def _since(beat: datetime | None) -> str:
    return say("upkeep.health.since", beat=f"{beat:%H:%M:%S}") if beat else "yet"


def _clock(deps: Deps, work: UnitOfWork) -> Check:
    problem = " ".join(ticks.tick_troubles(deps, work))
    return _check("clock", problem, say("upkeep.health.clocks_right"))


def _tasks(deps: Deps, work: UnitOfWork) -> Check:
    problem = task_runs.tasks_trouble(deps, work)
    return _check("tasks", problem, say("upkeep.tasks.right"))


def _outbox(oldest: datetime | None, now: datetime) -> Check:
    late = now - oldest if oldest else timedelta()
    minutes = int(late / timedelta(minutes=1))
    problem = (
        say("upkeep.health.mail_late", minutes=minutes) if late >= LATE_MAIL else ""
    )
    return _check("outbox", problem, say("upkeep.health.mail_right"))


def _mail(deps: Deps, work: UnitOfWork) -> Check:
    obstacle = mail_obstacle(deps.config, work.settings)
    problem = obstacle or server_trouble(deps.config, work)
    return _check("mail", problem, say("upkeep.health.mailing_right"))


def _settings(deps: Deps, work: UnitOfWork) -> Check:
    broken = sorted(settings_trouble(deps.config, work.settings))
    labels = ", ".join(f"“{registry.BY_KEY[key].label}”" for key in broken)
    problem = say("upkeep.health.unreadable_settings", labels=labels) if broken else ""
    return _check("settings", problem, say("upkeep.health.settings_right"))


def _calendar(work: UnitOfWork, now: datetime) -> Check:
    problem = health.connection_trouble(work, now)
    return _check("calendar", problem, say("upkeep.health.calendars_right"))


def _audit(seals: SealFigures, now: datetime) -> Check:
    problem = audit_seals.audit_trouble(seals)
    if seals.oldest_waiting and now - seals.oldest_waiting > LATE_SEAL:
        waits = say("upkeep.health.unsealed", waiting=seals.waiting)
        problem = f"{problem} {waits}".strip()
    return _check("audit", problem, say("upkeep.health.audit_right"))


def _seal_figures(seals: SealFigures, now: datetime) -> dict[str, float]:
    return {
        "audit_sealed": float(seals.head.place if seals.head else 0),
        "audit_unsealed": float(seals.waiting),
        "audit_unsealed_oldest_seconds": _age(seals.oldest_waiting, now),
        "audit_trouble": float(bool(audit_seals.audit_trouble(seals))),
    }


def _requests(work: UnitOfWork, now: datetime) -> Check:
    flooded = ", ".join(floods.flooded_queues(work, now))
    problem = say("upkeep.health.flood", list=flooded) if flooded else ""
    return _check("requests", problem, say("upkeep.health.queues_right"))


def _ok(name: str, sentence: str) -> Check:
    return Check(name=name, ok=True, sentence=sentence)


def _check(name: str, problem: str, right: str) -> Check:
    """Return a check without which the product is ready, too."""
    if not problem:
        return _ok(name, right)
    return Check(name=name, ok=False, sentence=problem, needed=False)


def _age(since: datetime | None, now: datetime) -> float:
    return (now - since).total_seconds() if since else 0.0
