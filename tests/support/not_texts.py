"""Literals of the code that look like texts and are none."""
# ruff: noqa: E501 - literals as they are in the code

NOT_TEXT = {
    "api/application.py": {"Invo Booking"},
    "api/core/content_policy.py": {"'sha256-{}'"},
    "api/core/headers.py": {
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=(), browsing-topics=()",
        "noindex, nofollow",
        "public, max-age=31536000, immutable",
    },
    "api/core/instants.py": {
        '{"start":"{}","end":"{}","local_start":"{}","local_end":"{}"',
        '{},"branch":{}}',
    },
    "api/core/problem.py": {"Bearer"},
    "api/core/shapes.py": {
        "One line of text: no controls, at most 120 characters that show."
    },
    "api/core/sockets.py": {
        "binary message",
        "message too large",
        "silent for too long",
        "too many events",
        "too many sockets of one address",
    },
    "api/core/submits.py": {
        "Make one up for each thing (8 to 128 letters, digits, `_ . : -`): a retry with the same key and data gets the first answer and makes nothing twice; with other data it is refused, 409 `idempotency_mismatch`. Kept for seven days."
    },
    "api/doors.py": {"{} https:"},
    "api/public/booking.py": {'{}, "slots": {}}'},
    "api/public/brand.py": {
        "<style>:root{{}}@media (prefers-color-scheme:dark){:root:not(.light){{}}}:root.dark{{}}</style>"
    },
    "api/robots.py": {
        "Disallow: /api/",
        "Disallow: /session/",
        "Sitemap: {}/sitemap.xml",
        "User-agent: *",
    },
    "cli.py": {"[dim]{} s[/]  {}", "[green]ok[/]  ", "[red]bad[/] "},
    "domain/access/caller.py": {"command line", "token {}"},
    "domain/access/proof_of_work.py": {"proof of work\n{}\n{}"},
    "domain/access/scopes.py": {"program {}"},
    "domain/audit.py": {
        "is missing",
        "was changed, moved or recomputed",
        "was added without being sealed by the product",
        "is not what the chain's head says",
        "is not what the head kept elsewhere says",
    },
    "domain/calendars/outside.py": {"ServerAccount({}, {})"},
    "domain/contact.py": {
        "Factory",
        "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0",
    },
    "domain/rooms.py": {"eyJhbGciOi\u2026"},
    "mail/deadline.py": {"too much was said"},
    "mail/demo_smtp.py": {"250 Kept for the demo"},
    "mail/invitation.py": {"-//Invo Booking//EN"},
    "mail/mailbox.py": {"From", "Subject", "To"},
    "mail/moments.py": {"Hm"},
    "mail/plain.py": {"Cc", "Cs"},
    "mail/server.py": {"no public address"},
    "persistence/accounts/links.py": {"account {}", "network {}"},
    "persistence/audit/entries.py": {"customer details", "signed in", "signed out"},
    "persistence/engine.py": {
        "-c timezone=UTC -c lock_timeout=10000 -c statement_timeout=30000"
    },
    "persistence/tables/core.py": {"status IN ('requested', 'confirmed')"},
    "persistence/upkeep/contact_uses.py": {"link mail", "unproven mail"},
    "providers/api_client.py": {"Bearer {}"},
    "providers/call_gate.py": {
        "\nlocal time = redis.call('TIME')\nlocal now = time[1] * 1000 + math.floor(time[2] / 1000)\nredis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)\nif redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[1]) then return 0 end\nredis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[2])\nredis.call('PEXPIRE', KEYS[1], ARGV[3])\nreturn 1\n"
    },
    "providers/deadline.py": {
        "it has no address",
        "its address is private",
        "the call's time is over",
    },
    "providers/exchange/checks.py": {
        "Exchange Server 2013",
        "Exchange Server 2016",
        "Exchange Server 2019",
        "Exchange Server Subscription Edition",
    },
    "providers/exchange/events.py": {"Busy", "Normal", "Private", "Single", "String"},
    "providers/exchange/free_busy.py": {"Detailed", "Sunday"},
    "providers/exchange/services.py": {
        "Delete",
        "Modify",
        "Read",
        "Required",
        "no body",
        "not one",
    },
    "providers/exchange/sessions.py": {"Invo Booking"},
    "providers/exchange/setup.py": {"Exchange"},
    "providers/google/personal.py": {"Google"},
    "providers/google/setup.py": {"Google"},
    "providers/http.py": {"%s %s: %s %s"},
    "providers/microsoft/changes.py": {'outlook.body-content-type="text"'},
    "providers/microsoft/differences.py": {
        "String {6c1b3a52-7d0e-4f0a-9b63-0c5d8e2f41a7} Name InvoWritten",
        "singleValueExtendedProperties($filter=id eq '{}' or id eq '{}')",
    },
    "providers/microsoft/events.py": {
        "String {6c1b3a52-7d0e-4f0a-9b63-0c5d8e2f41a7} Name InvoAppointment",
        'W/"{}"',
        "singleValueExtendedProperties($filter=id eq '{}')",
    },
    "providers/microsoft/graph.py": {'outlook.timezone="UTC"'},
    "providers/microsoft/groups.py": {"Private", "Unified"},
    "providers/microsoft/hosts.py": {'{},IdType="ImmutableId"'},
    "providers/microsoft/personal.py": {"Microsoft"},
    "providers/microsoft/setup.py": {"Microsoft"},
    "providers/responses.py": {"Answer({}, {})"},
    "run/embedded.py": {
        "%m [%p] ",
        'bind 127.0.0.1\nport {port}\nrequirepass {password}\ndir "{folder}"\nsave ""\nappendonly no\nmaxmemory 512mb\nmaxmemory-policy volatile-lru\n',
    },
    "run/instance.py": {
        "ignore:You're running the worker with superuser privileges",
        "mail worker",
    },
    "run/logs.py": {
        "Traceback of {}:\n{}",
        "\\1 [token]",
        "an error nobody caught",
        "{}\u2026 {} characters",
    },
    "run/lookup.py": {"this is not a valid name"},
    "settings/general.py": {
        "Only people with one of these roles can {} appointments. Super admins always can.",
        "Users who can {} appointments",
    },
    "settings/spec.py": {
        "Branding",
        "Calendars",
        "General Configurations",
        "Mailer",
        "Time-related Configurations",
        "UX Preferences",
        "Video and Phone Calls",
    },
    "usecases/accounts/guessing.py": {"sign-in failed"},
    "usecases/appointment/history.py": {"host calendar"},
    "usecases/appointment/rooms.py": {"room visitor:{}:{}:{}"},
    "usecases/booking/request_mail.py": {"address changed", "mail sent again"},
    "usecases/calendars/checks.py": {"trial event"},
    "usecases/calendars/host/counting.py": {"many events changed"},
    "usecases/calendars/personal/sign_in.py": {"personal sign-in:{}"},
    "usecases/calendars/removing.py": {"events not removed"},
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
    "web/admin/connection/state.py": {"look for hosts", "sign in"},
    "web/admin/connection/panel.py": {"msg bad", "msg ok", "msg warn"},
    "web/admin/connection/steps.py": {"look for hosts", "sign in"},
    "web/admin/people/week_view.py": {"day {}", "off {}"},
    "web/admin/settings/controls.py": {"ctl num"},
    "web/admin/settings/view.py": {"row changed", "row refused"},
    "web/bookings/appointment/starts_view.py": {" again"},
    "web/bookings/reasons.py": {"Buffer", "Past"},
    "web/core/browser_failures.py": {"{} reports left out; "},
    "web/customer/links.py": {
        r"${globalThis.location?.pathname.match(/\/a\/([^/]+)/)?.[1]}"
    },
    "web/kit/fields.py": {"{} f-{}-error", "{}-hint {}-error"},
    "web/profile/parts.py": {"Authorization: Bearer"},
}
"""By module, literals that look like texts and are none: keys, ids, classes, and names
of actions as the audit log stores them, for which its page has the words.
"""
