"""Relay agents' personal calendars to their own browsers, without storing them.

Each request of a browser contains the grant with which the provider is called.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from invo_booking.domain.calendars.outside import Registration
from invo_booking.domain.calendars.personal import (
    LONGEST_RANGE,
    MOST_CALENDARS,
    PersonalCalendar,
    PersonalGrant,
    PersonalListing,
    join_listings,
)
from invo_booking.domain.calendars.provider_errors import (
    ProviderDownError,
    ProviderError,
    ReconnectError,
    ThrottledError,
)
from invo_booking.domain.errors import InvalidInputError
from invo_booking.domain.interval import Interval
from invo_booking.domain.wall import local_midnight
from invo_booking.settings import general
from invo_booking.texts import say
from invo_booking.usecases.calendars.personal.grants import (
    AccessToken,
    OpenedGrant,
    PersonalTokens,
    SentGrant,
    SignInAgainError,
    open_personal_grant,
    seal_personal_grant,
    sign_in_again_error,
)
from invo_booking.usecases.calendars.personal.sign_in import (
    LABELS,
    NewGrant,
    personal_provider,
    require_offer,
)
from invo_booking.usecases.calendars.registration import provider_registration
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.links import hash_secret

FARTHEST = timedelta(days=10 * 366)
"""Maximum distance between today and the first day of a range."""

KEY_DIGITS = 16
_memory = PersonalTokens()


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeQuestion:
    """The days and calendars that a page asks for; days in the institution's zone.

    Attributes:
        first: First day.
        past: First day after the range.
        calendars: Keys of the calendars; if empty, the account's default calendar.
    """

    first: date
    past: date
    calendars: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalAnswer:
    """The events of a range, for the agent's browser only.

    Attributes:
        renewed: The grant with a new cookie value; ``None`` if the cookie does not
            change.
    """

    listing: PersonalListing
    zone: ZoneInfo
    renewed: NewGrant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalAccount:
    """An account and its calendars, for the agent's browser only.

    Attributes:
        calendars: The calendars, each with the key that pages use for it.
        renewed: The grant with a new cookie value; ``None`` if the cookie does not
            change.
    """

    provider: str
    account: str
    calendars: tuple[tuple[str, PersonalCalendar], ...]
    renewed: NewGrant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationResult:
    """The result of ending a grant at the provider.

    Attributes:
        is_revoked: Whether the provider has revoked the grant.
        is_shared: Whether the provider was not asked to revoke it, because
            administrators have connected the same account.
    """

    is_revoked: bool
    is_shared: bool = False


def personal_events(
    deps: Deps, sent: SentGrant, question: RangeQuestion
) -> PersonalAnswer:
    """Return the events that occupy time in an agent's personal calendars.

    Raises:
        InvalidInputError: If the range is not allowed, or a calendar is unknown.
        NotFoundError: If the settings do not allow calendars of this provider.
        SignInAgainError: If the grant has ended, here or at the provider.
        ProviderError: If the provider cannot answer now.
    """
    relay = _open_relay(deps, sent)
    window = _window_of(question, deps.now(), relay.zone)
    vendor = personal_provider(deps, relay.grant.provider)
    try:
        with vendor.deadline():
            listings = [
                vendor.events(relay.token, calendar, window, relay.zone)
                for calendar in relay.calendar_ids(question.calendars)
            ]
    except ProviderError as error:
        raise relay.error_for_agent(error) from None
    return PersonalAnswer(
        listing=join_listings(listings), zone=relay.zone, renewed=relay.grant_to_keep()
    )


def personal_account(deps: Deps, sent: SentGrant) -> PersonalAccount:
    """Return the account of a grant, with its calendars.

    Raises:
        As ``personal_events``.
    """
    relay = _open_relay(deps, sent)
    try:
        with personal_provider(deps, relay.grant.provider).deadline():
            calendars = relay.list_calendars()
    except ProviderError as error:
        raise relay.error_for_agent(error) from None
    return PersonalAccount(
        provider=relay.grant.provider,
        account=relay.grant.account,
        calendars=tuple((_key(sent, it), it) for it in calendars),
        renewed=relay.grant_to_keep(),
    )


def end_personal_calendar(deps: Deps, sent: SentGrant) -> RevocationResult:
    """Refuse a grant from now on, and revoke it at the provider. Idempotent.

    Revoking a grant may end all sign-ins of the account at the provider. So the grant
    is not revoked there while administrators have connected the same account.
    """
    try:
        grant = open_personal_grant(deps.config, sent)
    except SignInAgainError:
        return RevocationResult(is_revoked=False)
    with deps.unit_of_work() as work:
        work.ended_grants.add(hash_secret(sent.id), deps.now())
        is_shared = any(
            (it.provider, it.account.lower()) == (grant.provider, grant.account.lower())
            for it in work.connections.with_grant()
        )
    _memory.forget(sent.id)
    if is_shared:
        return RevocationResult(is_revoked=False, is_shared=True)
    try:
        vendor = personal_provider(deps, grant.provider)
        is_revoked = vendor.revoke(grant.refresh_token, deps.now())
    except ProviderError:
        is_revoked = False
    return RevocationResult(is_revoked=is_revoked)


class _Relay:
    """A request with its grant; supplies access tokens for calls to the provider."""

    def __init__(
        self,
        deps: Deps,
        sent: SentGrant,
        grant: OpenedGrant,
        by: Registration,
        zone: ZoneInfo,
    ) -> None:
        self.grant, self.zone = grant, zone
        self._deps, self._sent, self._by = deps, sent, by
        self._newest = grant.refresh_token

    def token(self, refused: bool) -> str:  # noqa: FBT001  (the port's signature)
        """Return an access token; if ``refused``, a newer token than before."""
        return self._access(is_refused=refused).text

    def calendar_ids(self, keys: Sequence[str]) -> list[str]:
        """Return the ids of calendars with these keys.

        If ``keys`` is empty, the only id is ``""``, which stands for the account's
        default calendar.

        Raises:
            InvalidInputError: If there are too many keys, or one is unknown.
            ProviderError: If the provider cannot answer now.
        """
        if len(set(keys)) > MOST_CALENDARS:
            raise InvalidInputError(
                {
                    "calendars": say(
                        "connections.personal_relay.too_many_calendars",
                        most_calendars=MOST_CALENDARS,
                    )
                }
            )
        if not keys:
            return [""]
        known = self._access().calendars
        if not set(keys) <= known.keys():
            self.list_calendars()
            known = self._access().calendars
        if not set(keys) <= known.keys():
            raise InvalidInputError(
                {"calendars": say("connections.personal_relay.unknown_calendar")}
            )
        return [known[key] for key in dict.fromkeys(keys)]

    def list_calendars(self) -> list[PersonalCalendar]:
        """Return the calendars of the account, and cache only their ids."""
        vendor = personal_provider(self._deps, self.grant.provider)
        calendars = vendor.calendars(self.token)
        self._access().calendars = {_key(self._sent, it): it.id for it in calendars}
        return calendars

    def grant_to_keep(self) -> NewGrant | None:
        """Return the grant to store in the cookie, if the refresh token has changed."""
        if self._newest == self.grant.refresh_token:
            return None
        newest = OpenedGrant(
            provider=self.grant.provider,
            account=self.grant.account,
            refresh_token=self._newest,
        )
        with self._deps.unit_of_work() as work:
            lasts = work.settings[general.SESSION_LONGEST]
        sealed = seal_personal_grant(self._deps.config, self._sent, newest)
        return NewGrant(id=self._sent.id, sealed=sealed, lasts=lasts)

    def error_for_agent(self, error: ProviderError) -> Exception:
        """Return the error to raise for the agent instead of a provider's error."""
        label = LABELS[self.grant.provider]
        if isinstance(error, ReconnectError):
            _memory.forget(self._sent.id)
            return sign_in_again_error(label)
        if isinstance(error, ThrottledError):
            return ThrottledError(
                say("connections.personal_relay.limited", label=label),
                error.wait,
            )
        return ProviderDownError(
            say("connections.personal_relay.unavailable", label=label)
        )

    def _access(self, *, is_refused: bool = False) -> AccessToken:
        grant_id, before = self._sent.id, _memory.usable(self._sent.id, self._now())
        if before and not is_refused:
            return before
        with _memory.lock(grant_id):
            known = _memory.usable(grant_id, self._now())
            if known and known is not before:
                return known
            return _memory.keep(grant_id, self._renew(), self._now())

    def _renew(self) -> PersonalGrant:
        vendor = personal_provider(self._deps, self.grant.provider)
        renewed = vendor.renew(self._by, self.grant.account, self._newest, self._now())
        self._newest = renewed.refresh_token
        return renewed

    def _now(self) -> datetime:
        return self._deps.now()


def _open_relay(deps: Deps, sent: SentGrant) -> _Relay:
    """Open a grant, and check that it has not ended and is still allowed."""
    grant = open_personal_grant(deps.config, sent)
    with deps.unit_of_work() as work:
        if work.ended_grants.has(hash_secret(sent.id)):
            raise sign_in_again_error()
        require_offer(work, grant.provider)
        zone = work.roster.institution.zone
        by = provider_registration(deps.config, work.settings, grant.provider)
    return _Relay(deps, sent, grant, by, zone)


def _window_of(question: RangeQuestion, now: datetime, zone: ZoneInfo) -> Interval:
    """Return the span of a range of days, in UTC.

    Raises:
        InvalidInputError: If the range is empty, reversed, too long or too far from
            today.
    """
    length = question.past - question.first
    is_near = abs(question.first - now.date()) <= FARTHEST
    if not timedelta() < length <= LONGEST_RANGE or not is_near:
        raise InvalidInputError(
            {
                "to": say(
                    "connections.personal_relay.range",
                    days=LONGEST_RANGE.days,
                )
            }
        )
    first, past = (local_midnight(it, zone) for it in (question.first, question.past))
    return Interval(first, past)


def _key(sent: SentGrant, calendar: PersonalCalendar) -> str:
    """Return a calendar's key for URLs, which reveals nothing about the calendar."""
    return hash_secret(f"{sent.id} {calendar.id}")[:KEY_DIGITS]
