"""Define all refusals, each with a sentence that can be shown to a person.

``str(error)`` is the sentence; ``code`` is stable and meant for machines.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from invo_booking.domain.access.proof_of_work import Challenge
from invo_booking.domain.appointment import Appointment
from invo_booking.domain.interval import Interval
from invo_booking.texts import say


class InvoError(Exception):
    """Base class of every deliberate refusal."""

    code = "refused"


class InvalidInputError(InvoError):
    """Input that cannot be used.

    Attributes:
        fields: The sentence to show beside each field with a problem.
    """

    code = "invalid_input"

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)


class PasswordNeededError(InvalidInputError):
    """The current password must be entered again for this action."""

    def __init__(self) -> None:
        super().__init__({"password": say("refusals.password_needed")})


class NotAllowedError(InvoError):
    """The actor's roles do not allow this."""

    code = "not_allowed"

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or say("refusals.not_allowed"))


class NotSignedInError(InvoError):
    """The request has no valid session."""

    code = "not_signed_in"

    def __init__(self) -> None:
        super().__init__(say("refusals.signed_out"))


class NotFoundError(InvoError):
    """The object does not exist, or the actor may not know of it."""

    code = "not_found"

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or say("refusals.not_found"))


class PurgedError(NotFoundError):
    """The object was deleted on purpose, and it is known that it existed."""

    code = "gone"


class NotSetUpError(NotFoundError):
    """No institution is set up yet, so nothing else can be done."""

    code = "not_set_up"

    def __init__(self) -> None:
        super().__init__(say("refusals.not_set_up"))


class ProofNeededError(InvoError):
    """Only a person who can read the customer's mail may do this."""

    code = "proof_needed"


class LinkExpiredError(InvoError):
    """A link that worked before and no longer does."""

    code = "gone"


class SlotTakenError(InvoError):
    """The slot was booked by another request first.

    Attributes:
        nearest: Up to three open spans closest to the requested one, earliest first.
    """

    code = "slot_taken"

    def __init__(self, sentence: str, nearest: Sequence[Interval] = ()) -> None:
        super().__init__(sentence)
        self.nearest = tuple(nearest)


class SlotClosedError(InvoError):
    """The start is not offered under today's rules.

    Attributes:
        reason: Stable name of the rule that closed it.
        nearest: Up to three open spans closest to the requested one, earliest first.
    """

    code = "slot_closed"

    def __init__(
        self, sentence: str, reason: str, nearest: Sequence[Interval] = ()
    ) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.nearest = tuple(nearest)


class NoRoomError(InvoError):
    """The appointment has no video room that could be entered."""

    code = "no_room"


class LimitReachedError(InvoError):
    """The customer has as many appointments as the institution allows."""

    code = "limit_reached"


class CustomerBusyError(InvoError):
    """The customer has another appointment then; shown to a proven contact only."""

    code = "customer_busy"

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or say("refusals.busy"))


class PublicSchedulingOffError(InvoError):
    """Public scheduling is switched off."""

    code = "public_scheduling_off"

    def __init__(self) -> None:
        super().__init__(say("refusals.booking_off"))


class ConflictError(InvoError):
    """Someone else changed the same object first; the actor saw an old version."""

    code = "conflict"

    def __init__(
        self,
        sentence: str = "",
    ) -> None:
        super().__init__(sentence or say("refusals.conflict"))


class AppointmentChangedError(ConflictError):
    """The appointment differs from what the actor saw; nothing was changed.

    Attributes:
        current: The appointment as it is now.
    """

    def __init__(self, sentence: str, current: Appointment) -> None:
        super().__init__(sentence)
        self.current = current


class OvertakenError(ConflictError):
    """Another transaction changed the data first; nothing was changed here.

    A caller that does not depend on the data it saw may try again at once.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedMeanwhile:
    """A setting that was changed by another person since the page was opened.

    Attributes:
        at: Time of the change, in UTC; ``None`` if unknown.
        text: The current value as form text; empty for a secret.
        was: Value to send back to overwrite the current value on purpose.
    """

    key: str
    label: str
    by: str
    at: datetime | None
    text: str
    was: str


class SettingChangedError(ConflictError):
    """Settings were changed by another person first; nothing was saved.

    Attributes:
        changed: The settings with a conflict, at least one.
    """

    def __init__(self, changed: Sequence[ChangedMeanwhile]) -> None:
        first = changed[0]
        super().__init__(
            say("refusals.setting_changed", who=first.by, label=first.label)
        )
        self.changed = tuple(changed)


class IdempotencyMismatchError(InvoError):
    """An idempotency key that was used before with other data."""

    code = "idempotency_mismatch"

    def __init__(self) -> None:
        super().__init__(say("refusals.sent_before"))


class TooManyRequestsError(InvoError):
    """Too many requests.

    Attributes:
        retry_at: When to try again, in UTC; ``None`` if unknown.
    """

    code = "too_many_requests"

    def __init__(self, sentence: str, retry_at: datetime | None = None) -> None:
        super().__init__(sentence)
        self.retry_at = retry_at


class ProofOfWorkRequiredError(InvoError):
    """The caller must solve a proof of work before the request is accepted.

    Attributes:
        challenge: The challenge to solve.
    """

    code = "proof_of_work_required"

    def __init__(self, challenge: Challenge) -> None:
        super().__init__(say("refusals.proof_of_work"))
        self.challenge = challenge


class MailTemporaryError(InvoError):
    """The mail server cannot accept the message now; a later try may succeed."""

    code = "mail_later"


class MailServerError(MailTemporaryError):
    """The mail server does not serve us now; the message is not the cause."""


class MailPermanentError(InvoError):
    """The mail server will never accept this message."""

    code = "mail_refused"
