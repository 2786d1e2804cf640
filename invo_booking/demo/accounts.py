"""Outside a demo, deny access to the demo's people, whose password is public."""

from collections.abc import Iterator
from functools import cache
from uuid import UUID

from invo_booking.demo.bank import DOMAIN
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.run import exposure
from invo_booking.usecases.accounts.passwords import DEMO_PASSWORD, is_matching_password
from invo_booking.usecases.admin.people import disable_person
from invo_booking.usecases.shared.deps import Deps


def people_with_published_password(deps: Deps) -> tuple[str, ...]:
    """Return the addresses of the demo's people who still have the demo's password.

    Disabled people are left out.
    """
    with deps.unit_of_work() as work:
        return tuple(sorted(email for email, _ in _published_accounts(work)))


def end_demo_access(deps: Deps) -> tuple[str, ...]:
    """End sessions and tokens of the demo's people; do nothing in a demo.

    Outside a demo, the sign-in refuses the demo's password (see ``sessions``), but
    sessions and tokens created during the demo would still work.

    Returns:
        The addresses of the people; empty in a demo.
    """
    if deps.config.demo:
        return ()
    with deps.unit_of_work() as work:
        left = list(_published_accounts(work))
        for _, person_id in left:
            work.sessions.end_all_of(person_id)
            work.tokens.remove_all_of(person_id)
    return tuple(sorted(email for email, _ in left))


def require_no_demo_people_in_public(deps: Deps) -> None:
    """End access of the demo's people; raise an error in a public installation.

    Raises:
        ConfigError: If the installation is public and people of the demo still have the
            demo's password.
    """
    exposure.refuse_demo_people(deps.config, end_demo_access(deps))


def disable_demo_people(deps: Deps) -> tuple[str, ...]:
    """Disable the demo's accounts that still have the demo's password.

    Returns:
        The addresses of the disabled people.

    Raises:
        InvalidInputError: If no super admin would be left.
    """
    people = people_with_published_password(deps)
    for email in people:
        disable_person(deps, email)
    return people


def _published_accounts(work: UnitOfWork) -> Iterator[tuple[str, UUID]]:
    if not work.is_set_up:
        return
    for person in work.roster.people.values():
        if not person.active or not person.email.endswith(f"@{DOMAIN}"):
            continue
        account = work.people.account(person.email)
        if account and _is_published(account.password_hash):
            yield person.email, person.id


@cache
def _is_published(stored: str) -> bool:
    """Whether this is a hash of the demo's password.

    The check is slow, so the result is cached; all people of the demo share one hash.
    """
    return is_matching_password(stored, DEMO_PASSWORD)
