"""General Configurations: who may do what, and what the public may do."""

from datetime import timedelta

from invo_booking.domain.access.roles import Action, Role
from invo_booking.domain.contact import Requirement
from invo_booking.settings.parsers import minutes, one_of, roles, switch, whole_number
from invo_booking.settings.spec import Page, Setting

MANAGING = frozenset({Role.ADMINISTRATOR, Role.MANAGER, Role.BOOKING_MANAGER})
CONTACTS = {
    Requirement.EMAIL.value: "E-mail address",
    Requirement.PHONE.value: "Phone number",
    Requirement.BOTH.value: "E-mail address and phone number",
    Requirement.NEITHER.value: "Neither",
}


def _who_can(action: Action, default: frozenset[Role]) -> Setting[frozenset[Role]]:
    return Setting(
        key=f"general.who_can_{action}",
        page=Page.GENERAL,
        label=f"Users who can {action} appointments",
        help=f"People with one of these roles may {action} appointments.",
        default=default,
        field=roles(),
    )


WHO_CAN = {
    Action.ASSIGN: _who_can(Action.ASSIGN, MANAGING),
    Action.EDIT: _who_can(Action.EDIT, MANAGING),
    Action.CREATE: _who_can(Action.CREATE, MANAGING | {Role.AGENT}),
    Action.DELETE: _who_can(Action.DELETE, MANAGING),
}

PUBLIC_SCHEDULING = Setting(
    key="general.public_scheduling",
    page=Page.GENERAL,
    label="Allow public user to schedule a call",
    help="Customers see the Schedule a call button and may book without signing in.",
    default=False,
    field=switch(),
)

CONTACT_REQUIREMENT = Setting(
    key="general.contact_requirement",
    page=Page.GENERAL,
    label="Contact field requirements",
    help="What a customer must leave to book: e-mail, phone, both or neither.",
    default=Requirement.EMAIL.value,
    field=one_of(CONTACTS),
)

MOST_PER_DAY = Setting(
    key="general.most_per_day",
    page=Page.GENERAL,
    label="Maximum number of events that a public user can schedule per day",
    help="Live appointments of one customer on one date; 0 means no limit.",
    default=3,
    field=whole_number(0, 100, unit="appointments"),
)

MOST_IN_TOTAL = Setting(
    key="general.most_in_total",
    page=Page.GENERAL,
    label="Maximum number of events that a public user can schedule",
    help="Live appointments of one customer altogether; 0 means no limit.",
    default=0,
    field=whole_number(0, 1000, unit="appointments"),
)

SHOW_UNASSIGNED = Setting(
    key="general.show_unassigned",
    page=Page.GENERAL,
    label="Show scheduled calls on unassigned agent dashboards",
    help="Agents see unassigned appointments of their own queues and languages.",
    default=True,
    field=switch(),
)

PROGRAM_REQUESTS = Setting(
    key="general.program_requests",
    page=Page.GENERAL,
    label="Requests of programs per minute",
    help="Requests each token of a program may send within a minute, such as 120; more "
    "are refused until the minute is over.",
    default=120,
    field=whole_number(1, 600, unit="requests"),
)

PURGE_OUTDATED = Setting(
    key="general.purge_outdated",
    page=Page.GENERAL,
    label="Outdated scheduled events",
    help="Every midnight of the institution, from the next one on, appointments that "
    "ended before it are deleted with all that is known of their customers; anonymous "
    "figures and the audit log stay. A mail still to be sent is waited for, at most "
    "five days.",
    default=False,
    field=switch(),
)

MOST_SESSION_MINUTES = 24 * 60

SESSION_IDLE = Setting(
    key="general.session_idle",
    page=Page.GENERAL,
    label="Sign out staff who do nothing for",
    help="Whoever does nothing for this long has to sign in again.",
    default=timedelta(minutes=60),
    field=minutes(5, 8 * 60),
)

SESSION_LONGEST = Setting(
    key="general.session_longest",
    page=Page.GENERAL,
    label="Sign out staff in any case after",
    help="Counted from signing in, whatever somebody does; a shift should fit in.",
    default=timedelta(hours=12),
    field=minutes(30, MOST_SESSION_MINUTES),
)
