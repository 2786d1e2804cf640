"""What tests ask about stored settings."""

import json

from invo_booking.settings.registry import ENTRIES
from invo_booking.usecases.shared import settings


def in_force(deps, entry):
    with deps.unit_of_work() as work:
        return work.settings.text(entry)


def is_set(deps, entry):
    with deps.unit_of_work() as work:
        return work.settings.is_set(entry)


def row(deps, actor, key):
    (found,) = (it for it in settings.all_setting_entries(deps, actor) if it.key == key)
    return found


def typed(entry, word):
    """Return what somebody types into a secret's field that has this word in it."""
    if entry.key == "calls.token_secret":
        return f"{word} and more, as this one must be long"
    if entry.key != "calendars.google_service_account":
        return word
    key = {"type": "service_account", "client_email": "a@b.example", "token_uri": ""}
    return json.dumps(key | {"private_key": word})


def trail(deps):
    with deps.unit_of_work() as work:
        return [
            entry
            for key in {it.key for it in ENTRIES}
            for entry in work.audit.history(key)
        ]


def revision(deps):
    with deps.unit_of_work() as work:
        return work.roster.institution.revision
