"""Define the settings of the page General Configurations."""

from datetime import timedelta

from invo_booking.domain.access.roles import Action, Role
from invo_booking.domain.contact import Requirement
from invo_booking.settings.parsers import (
    choice_setting_field,
    minutes_setting_field,
    roles_setting_field,
    switch_setting_field,
    whole_number_setting_field,
)
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
        help=f"Only people with one of these roles can {action} appointments. Super "
        "admins always can.",
        default=default,
        field=roles_setting_field(),
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
    help="Customers see the Schedule a call button and can book without signing in. "
    "When off, only staff can book.",
    default=False,
    field=switch_setting_field(),
)

CONTACT_REQUIREMENT = Setting(
    key="general.contact_requirement",
    page=Page.GENERAL,
    label="Contact field requirements",
    help="Customers must enter these contact details to book.",
    default=Requirement.EMAIL.value,
    field=choice_setting_field(CONTACTS),
)

MOST_PER_DAY = Setting(
    key="general.most_per_day",
    page=Page.GENERAL,
    label="Maximum number of events that a public user can schedule per day",
    help="A customer cannot book more than this number of appointments on one day. "
    "Past and cancelled ones do not count; 0 means no limit.",
    default=3,
    field=whole_number_setting_field(0, 100, unit="appointments"),
)

MOST_IN_TOTAL = Setting(
    key="general.most_in_total",
    page=Page.GENERAL,
    label="Maximum number of events that a public user can schedule",
    help="A customer cannot have more than this number of appointments at a time. Past "
    "and cancelled ones do not count; 0 means no limit.",
    default=0,
    field=whole_number_setting_field(0, 1000, unit="appointments"),
)

SHOW_UNASSIGNED = Setting(
    key="general.show_unassigned",
    page=Page.GENERAL,
    label="Show scheduled calls on unassigned agent dashboards",
    help="Agents see the unassigned appointments of their own queues and languages. "
    "When off, only people who may assign appointments see them.",
    default=True,
    field=switch_setting_field(),
)

PROGRAM_REQUESTS = Setting(
    key="general.program_requests",
    page=Page.GENERAL,
    label="Program requests per minute",
    help="Each token of a program can send this number of requests per minute, such as "
    "120. Further requests are refused until the minute is over.",
    default=120,
    field=whole_number_setting_field(1, 600, unit="requests"),
)

PURGE_OUTDATED = Setting(
    key="general.purge_outdated",
    page=Page.GENERAL,
    label="Outdated scheduled events",
    help="Starting with the institution's next midnight, appointments that ended "
    "before midnight are deleted every day, with all data of their customers. "
    "Anonymous figures and the audit log stay. An appointment with a mail still to be "
    "sent is deleted after that mail, at most five days later.",
    default=False,
    field=switch_setting_field(),
)

MOST_SESSION_MINUTES = 24 * 60

SESSION_IDLE = Setting(
    key="general.session_idle",
    page=Page.GENERAL,
    label="Sign out inactive staff after",
    help="Staff who have not used the pages for this time must sign in again. With 60, "
    "after an hour.",
    default=timedelta(minutes=60),
    field=minutes_setting_field(5, 8 * 60),
)

SESSION_LONGEST = Setting(
    key="general.session_longest",
    page=Page.GENERAL,
    label="Maximum length of a staff session",
    help="Staff must sign in again this long after signing in, even if they are "
    "active. Choose more than the length of a shift, such as 720 for twelve hours.",
    default=timedelta(hours=12),
    field=minutes_setting_field(30, MOST_SESSION_MINUTES),
)
