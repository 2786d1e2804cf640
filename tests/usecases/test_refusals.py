"""Refusals in the audit trail: who tried what, and never a flood of it."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from invo_booking.domain.access.roles import Role
from invo_booking.domain.audit import AuditQuery
from invo_booking.usecases.admin import audit_log
from invo_booking.usecases.shared import refusals
from invo_booking.usecases.shared.refusals import HOUR, MOST, SAME, SILENCE
from invo_booking.web.admin.audit import view
from invo_booking.web.admin.audit.view import AuditChangeView
from invo_booking.web.kit.text.words import ViewerContext
from tests.concurrency.racing import race
from tests.support.bank import ZONE

AT_ONCE = 12


@pytest.fixture
def page(bank):
    """Return what an administrator finds of refusals in the trail."""
    ada = bank.agent("Ada", roles=(Role.ADMINISTRATOR,))
    return lambda: audit_log.read_audit_page(
        bank.deps, ada, AuditQuery(action="refused")
    )


@pytest.fixture
def kept(page):
    """Return the refusals in the trail, newest first."""
    return lambda: page().entries


def flood(deps, actor, times, names):
    for _ in range(times):
        refusals.record_refusal(deps, actor, f"PUT /{next(names)}")


def test_same_wish_is_kept_once_a_minute(deps, ana, kept, clock):
    for _ in range(5):
        refusals.record_refusal(deps, ana, "PUT /settings")
    clock.advance(SAME)
    refusals.record_refusal(deps, ana, "PUT /settings")

    assert len(kept()) == 2


def test_different_wishes_and_different_people_are_each_kept(deps, ana, bank, kept):
    namesake = replace(bank.agent("Eva"), name=ana.name)

    for actor in (ana, namesake):
        refusals.record_refusal(deps, actor, "PUT /settings")
        refusals.record_refusal(deps, actor, "DELETE /people")

    assert len({(it.actor_id, it.object_id) for it in kept()}) == 4


def test_flood_ends_with_an_entry_that_says_until_when(deps, ana, page, clock):
    flood(deps, ana, MOST * 3, count())

    viewer = ViewerContext(ZoneInfo(ZONE), Locale("en", "GB"), clock())
    told = [it.changes for it in view.audit_entry_views(page(), viewer)]
    quiet = AuditChangeView(
        name="Further refusals not noted until", after="Today, 9:00"
    )
    assert len(told) == MOST + 1
    assert [quiet in changes for changes in told] == [True] + MOST * [False]


def test_after_an_hour_of_silence_refusals_are_kept_again(deps, ana, kept, clock):
    names = count()
    flood(deps, ana, MOST * 2, names)
    clock.advance(HOUR - timedelta(seconds=1))
    flood(deps, ana, 5, names)
    in_silence = len(kept())
    clock.advance(timedelta(seconds=1))
    flood(deps, ana, 5, names)

    assert in_silence == MOST + 1
    assert len(kept()) == MOST + 1 + 5


def test_refusals_at_a_slow_pace_are_all_kept(deps, ana, kept, clock):
    for _ in range(MOST + 5):
        refusals.record_refusal(deps, ana, "PUT /settings")
        clock.advance(HOUR / MOST)

    assert len(kept()) == MOST + 5


def test_many_at_the_same_moment_keep_the_limit_too(deps, ana, kept):
    names = count()

    race(*[partial(flood, deps, ana, 5, names) for _ in range(AT_ONCE)])

    assert len(kept()) == MOST + 1
    assert sum(SILENCE in it.detail for it in kept()) == 1


def test_same_wish_at_the_same_moment_is_one_entry(deps, ana, kept):
    race(
        *[partial(refusals.record_refusal, deps, ana, "PUT /x") for _ in range(AT_ONCE)]
    )

    assert len(kept()) == 1
