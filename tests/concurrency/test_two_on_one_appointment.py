"""Two who look at the same appointment and do something with it at the same moment."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from invo_booking.domain.appointment import Channel
from invo_booking.domain.errors import AppointmentChangedError, ConflictError
from invo_booking.settings.time import MAX_WAIT
from invo_booking.usecases.appointment.drafts import AppointmentChange, AppointmentDraft
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.staff.detail import appointment_detail
from tests.concurrency.racing import overtaken, race, refusals, winners
from tests.support.bank import at
from tests.support.invariants import check


@dataclass
class Scene:
    """Two managers in front of the same version of one appointment."""

    bank: Any
    ana: Any
    max_: Any
    mia: Any
    made: Any

    def now(self):
        return appointment_detail(self.bank.deps, self.max_, self.made.id).appointment


@pytest.fixture
def scene(bank):
    ana = bank.agent("Ana")
    bank.agent("Ben")
    max_, mia = bank.manager("Max"), bank.manager("Mia")
    made = appointments.create_appointment(
        bank.deps, max_, draft(bank, agent_id=ana.id)
    )
    return Scene(bank, ana, max_, mia, made)


def draft(bank, **more):
    return AppointmentDraft(
        queue_id=bank.queue_id,
        language="en",
        channel=Channel.VIDEO,
        starts_at=at(11),
        ends_at=at(11, 30),
        name="Rosa Delgado",
        email="rosa@example.com",
        **more,
    )


def drag(scene, by, version, deps=None, hour=13):
    wanted = AppointmentChange(starts_at=at(hour), ends_at=at(hour, 30))
    return _change(scene, by, version, wanted, deps)


def resize(scene, by, version, deps=None):
    return _change(scene, by, version, AppointmentChange(ends_at=at(12)), deps)


def edit(scene, by, version, deps=None):
    return _change(
        scene, by, version, AppointmentChange(notes=f"{by.name} calls back"), deps
    )


def assign(scene, by, version, deps=None):
    return _change(scene, by, version, AppointmentChange(agent=None), deps)


def cancel(scene, by, version, deps=None):
    parts = deps or scene.bank.deps
    return appointments.cancel_appointment(
        parts, by, scene.made.id, "", version=version
    )


def _change(scene, by, version, change, deps=None):
    parts = deps or scene.bank.deps
    return appointments.change_appointment(
        parts, by, scene.made.id, change, version=version
    )


DEEDS = [drag, resize, edit, assign, cancel]


@pytest.mark.parametrize("second", DEEDS)
@pytest.mark.parametrize("first", DEEDS)
def test_of_two_who_saw_the_same_one_wins_and_the_other_reads_who_it_was(
    scene, database_url, first, second
):
    seen = scene.made.version

    outcomes = race(
        lambda: first(scene, scene.max_, seen), lambda: second(scene, scene.mia, seen)
    )

    (stored,) = winners(outcomes)
    assert refusals(outcomes) == {AppointmentChangedError}
    assert scene.now() == stored
    faster = "Max" if outcomes[0] is stored else "Mia"
    (refused,) = [it for it in outcomes if it is not stored]
    assert str(refused).startswith(f"{faster} ")
    assert "Your action was not applied." in str(refused)
    assert refused.current == stored
    check(database_url)


def test_without_the_version_both_drags_succeed_and_the_last_one_wins(scene):
    first = drag(scene, scene.max_, None, hour=13)
    second = drag(scene, scene.mia, None, hour=15)

    assert (first.starts_at, second.starts_at) == (at(13), at(15))
    assert scene.now().starts_at == at(15)


@pytest.mark.parametrize("deed", DEEDS)
def test_who_is_overtaken_between_reading_and_storing_reads_what_happened(scene, deed):
    seen, rival = scene.made.version, lambda: drag(scene, scene.max_, None, hour=15)

    with (
        overtaken(scene.bank.deps, rival) as deps,
        pytest.raises(AppointmentChangedError, match="Max moved it to November 23, 15"),
    ):
        deed(scene, scene.mia, seen, deps)

    assert scene.now().starts_at == at(15)
    assert scene.now().is_live


def test_undo_never_overwrites_what_came_after(scene):
    moved = drag(scene, scene.max_, scene.made.version)
    back = AppointmentChange(starts_at=at(11), ends_at=at(11, 30))
    resized = _change(
        scene, scene.mia, moved.version, AppointmentChange(ends_at=at(14))
    )

    with pytest.raises(AppointmentChangedError, match="Mia moved it"):
        appointments.undo_change(
            scene.bank.deps, scene.max_, scene.made.id, back, version=moved.version
        )

    assert scene.now() == resized


def test_undo_and_another_change_at_once_leave_one_of_them(scene, database_url):
    moved = drag(scene, scene.max_, scene.made.version)
    back = AppointmentChange(starts_at=at(11), ends_at=at(11, 30))

    outcomes = race(
        lambda: appointments.undo_change(
            scene.bank.deps, scene.max_, scene.made.id, back, version=moved.version
        ),
        lambda: edit(scene, scene.mia, moved.version),
    )

    (stored,) = winners(outcomes)
    assert refusals(outcomes) == {AppointmentChangedError}
    assert scene.now() == stored
    check(database_url)


def test_nobody_undoes_the_change_of_somebody_else_or_a_long_past_one(scene, clock):
    moved = drag(scene, scene.max_, scene.made.version)
    back = AppointmentChange(starts_at=at(11), ends_at=at(11, 30))

    def undo(by):
        return appointments.undo_change(
            scene.bank.deps, by, scene.made.id, back, version=moved.version
        )

    with pytest.raises(AppointmentChangedError, match="Max moved it"):
        undo(scene.mia)
    clock.advance(timedelta(seconds=15))
    with pytest.raises(ConflictError, match="too late to undo"):
        undo(scene.max_)


def test_of_two_who_take_one_one_has_it_and_the_other_reads_who(scene):
    bank = scene.bank
    made = appointments.create_appointment(
        bank.deps,
        scene.max_,
        replace(draft(bank), starts_at=at(15), ends_at=at(15, 30), email=""),
    )
    ben = bank.agent("Bo")

    outcomes = race(
        *(
            lambda by=by: appointments.take_appointment(
                bank.deps, by, made.id, version=made.version
            )
            for by in (scene.ana, ben)
        )
    )

    (stored,) = winners(outcomes)
    assert refusals(outcomes) == {AppointmentChangedError}
    name = "Ana" if stored.agent_id == scene.ana.id else "Bo"
    (refused,) = [it for it in outcomes if it is not stored]
    assert str(refused).startswith(f"{name} took it")


def test_who_takes_what_was_moved_meanwhile_is_told(scene):
    bank = scene.bank
    made = appointments.create_appointment(
        bank.deps,
        scene.max_,
        replace(draft(bank), starts_at=at(15), ends_at=at(15, 30), email=""),
    )
    appointments.change_appointment(
        bank.deps, scene.max_, made.id, AppointmentChange(starts_at=at(16))
    )

    with pytest.raises(AppointmentChangedError, match="Max moved it"):
        appointments.take_appointment(
            bank.deps, scene.ana, made.id, version=made.version
        )

    taken = appointments.take_appointment(bank.deps, scene.ana, made.id)
    assert taken.agent_id == scene.ana.id


def test_keeping_one_waiting_who_was_cancelled_meanwhile_is_told(scene, clock):
    bank = scene.bank
    bank.set(MAX_WAIT, "5")
    clock.now = at(11, 10)
    cancel(scene, scene.max_, scene.made.version)

    with pytest.raises(AppointmentChangedError, match="Max cancelled it"):
        appointments.keep_waiting_for_customer(
            bank.deps, scene.ana, scene.made.id, version=scene.made.version
        )
