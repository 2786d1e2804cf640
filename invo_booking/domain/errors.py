"""Define the errors with which the product refuses a request.

``str(error)`` is a sentence that can be shown to people; ``code`` is a stable name for
programs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from invo_booking.domain.access.proof_of_work import Challenge
from invo_booking.domain.appointment import Appointment
from invo_booking.domain.interval import Interval
from invo_booking.texts import say


class InvoError(Exception):
    """Base class of all errors with which the product refuses a request."""

    code = "refused"


class InvalidInputError(InvoError):
    """Input that cannot be used.

    Attributes:
        fields: Error message for each field with a problem.
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
    """The object does not exist, or the actor is not allowed to know that it exists."""

    code = "not_found"

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or say("refusals.not_found"))


class PurgedError(NotFoundError):
    """The object existed and was deleted on purpose."""

    code = "gone"


class NotSetUpError(NotFoundError):
    """The request needs an institution, but none is set up yet."""

    code = "not_set_up"

    def __init__(self) -> None:
        super().__init__(say("refusals.not_set_up"))


class ProofNeededError(InvoError):
    """The request requires proof of access to the customer's mailbox."""

    code = "proof_needed"


class LinkExpiredError(InvoError):
    """The link worked before and no longer does."""

    code = "gone"


class SlotTakenError(InvoError):
    """Another request has already booked the slot.

    Attributes:
        nearest: Up to three open spans closest to the requested span, earliest first.
    """

    code = "slot_taken"

    def __init__(self, sentence: str, nearest: Sequence[Interval] = ()) -> None:
        super().__init__(sentence)
        self.nearest = tuple(nearest)


class SlotClosedError(InvoError):
    """The requested start is not offered under the current rules.

    Attributes:
        reason: Stable name of the rule that closes the start.
        nearest: Up to three open spans closest to the requested span, earliest first.
    """

    code = "slot_closed"

    def __init__(
        self, sentence: str, reason: str, nearest: Sequence[Interval] = ()
    ) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.nearest = tuple(nearest)


class NoRoomError(InvoError):
    """The appointment has no video room that can be entered."""

    code = "no_room"


class LimitReachedError(InvoError):
    """The customer has as many appointments as the institution allows."""

    code = "limit_reached"


class CustomerBusyError(InvoError):
    """The customer has another appointment at this time.

    Raised only if the customer's contact is verified.
    """

    code = "customer_busy"

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or say("refusals.busy"))


class PublicSchedulingOffError(InvoError):
    """Public scheduling is switched off."""

    code = "public_scheduling_off"

    def __init__(self) -> None:
        super().__init__(say("refusals.booking_off"))


class ConflictError(InvoError):
    """The request conflicts with the current data, often after another change."""

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
    """A concurrent transaction changed the data; this transaction changed nothing.

    The caller may try again at once, unless its request depends on data read earlier.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedMeanwhile:
    """A setting that another person changed after the page was opened.

    Attributes:
        at: Time of the change, in UTC; ``None`` if unknown.
        text: The current value as form text; empty for a secret.
        was: Value to pass as ``SettingEdit.was`` in a new request, to overwrite the
            current value on purpose.
    """

    key: str
    label: str
    by: str
    at: datetime | None
    text: str
    was: str


class SettingChangedError(ConflictError):
    """Another person changed some of these settings meanwhile; nothing was saved.

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
    """The idempotency key was used before, for a request with different data."""

    code = "idempotency_mismatch"

    def __init__(self) -> None:
        super().__init__(say("refusals.sent_before"))


class TooManyRequestsError(InvoError):
    """A rate limit is reached.

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
    """The mail server cannot be used now; the message is not the cause."""


class MailPermanentError(InvoError):
    """The mail server will never accept this message."""

    code = "mail_refused"


class MailAddressError(MailPermanentError):
    """The mail has an invalid address, so no mail server received the mail."""
