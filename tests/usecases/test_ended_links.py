"""Links of deleted appointments are known for a while, to say that they are over."""

from datetime import timedelta

from sqlalchemy import text

from invo_booking.usecases.upkeep.periodic import seal_and_forget


def test_hashes_of_purged_links_are_forgotten_after_400_days_without_purging(
    bank, clock
):
    def known():
        with bank.deps.unit_of_work() as work:
            found = work.session.connection().execute(
                text("SELECT hash FROM ended_link")
            )
            return list(found.scalars())

    now = clock.now
    with bank.deps.unit_of_work() as work:
        work.session.connection().execute(
            text("INSERT INTO ended_link VALUES ('old', :old), ('new', :new)"),
            {
                "old": now - timedelta(days=400, seconds=1),
                "new": now - timedelta(days=400) + timedelta(minutes=1),
            },
        )

    seal_and_forget(bank.deps)
    assert known() == ["new"]
