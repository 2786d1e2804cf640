"""Literals of the code that look like texts and are none."""

NOT_TEXT = {
    "domain/contact.py": {
        "Factory",
        "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0",
    },
    "usecases/booking/request_mail.py": {"address changed", "mail sent again"},
    "usecases/accounts/guessing.py": {"sign-in failed"},
    "usecases/appointment/history.py": {"host calendar"},
    "usecases/appointment/rooms.py": {"room visitor:{}:{}:{}"},
    "usecases/calendars/checks.py": {"trial event"},
    "usecases/calendars/personal/sign_in.py": {"personal sign-in:{}"},
    "usecases/calendars/signing_in.py": {
        "another browser",
        "another provider",
        "seal broken",
        "sign-in begun",
        "sign-in refused",
        "too late",
        "unknown or used",
    },
    "usecases/calendars/through_worker/asking.py": {
        "answer of the worker",
        "question to the worker",
    },
    "usecases/shared/mailing.py": {"test mail to {}", "trial mail"},
    "usecases/shared/pacing.py": {"not before {}"},
    "usecases/staff/sending_again.py": {"confirmation sent again"},
    "usecases/upkeep/copies.py": {"backup failed"},
    "usecases/upkeep/health.py": {"mail worker"},
    "usecases/upkeep/ticks.py": {"clocks differ"},
    "web/admin/calendars/connection_state.py": {"sign in", "look for hosts"},
    "web/admin/calendars/panel.py": {"msg bad", "msg warn", "msg ok"},
    "web/admin/calendars/steps.py": {"sign in", "look for hosts"},
    "web/admin/people/week_view.py": {"day {}", "off {}"},
    "web/admin/settings/controls.py": {"ctl num"},
    "web/admin/settings/view.py": {"row refused", "row changed"},
    "web/appointment/starts_view.py": {" again"},
    "web/bookings/reasons.py": {"Past", "Buffer"},
    "web/core/browser_failures.py": {"{} reports left out; "},
    "web/kit/fields.py": {"{}-hint {}-error", "{} f-{}-error"},
    "web/profile/parts.py": {"Authorization: Bearer"},
}
"""By module, literals that look like texts and are none: keys, ids, classes, and names
of actions as the audit log stores them, for which its page has the words.
"""
