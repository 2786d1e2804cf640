"""Links by which people set their own password."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from invo_booking.domain.access.roles import Role
from invo_booking.domain.access.scopes import TokenScope
from invo_booking.domain.errors import (
    IdempotencyMismatchError,
    InvalidInputError,
    InvoError,
    NotAllowedError,
    NotFoundError,
    PasswordNeededError,
    TooManyRequestsError,
)
from invo_booking.usecases.accounts import links, profile, sessions, tokens
from invo_booking.usecases.accounts.tokens import TokenDraft
from invo_booking.usecases.admin import inviting, people, staffing
from invo_booking.usecases.shared.links import hash_secret
from invo_booking.usecases.upkeep import delivery, periodic
from tests.support.accounts import (
    at_address,
    mailed_links,
    try_in_vain,
    with_mail_server,
    with_password_given,
)
from tests.support.bank import PASSWORD
from tests.usecases.test_staffing import draft

NEW = "purple ladders eat at noon"
BEN = "ben@bank.example"


@pytest.fixture
def deps(deps):
    return with_mail_server(deps)


@pytest.fixture
def ada(bank):
    return with_password_given(bank.agent("Ada", roles=(Role.ADMINISTRATOR,)))


@pytest.fixture
def ana(bank):
    return bank.agent("Ana", password=PASSWORD)


def enters(deps, email, password):
    try:
        return bool(sessions.sign_in(deps, email, password).token)
    except NotAllowedError:
        return False


def works(deps, link):
    try:
        return bool(links.read_password_link(deps, link))
    except NotFoundError:
        return False


def test_a_new_person_is_invited_by_mail_and_sets_the_password(deps, ada, postbox):
    hired = staffing.create_person(deps, ada, draft())
    assert hired.is_invited

    (link,) = mailed_links(deps, postbox)
    assert postbox.sent[0].to == BEN
    assert links.read_password_link(deps, link).name == "Ben Ode"
    assert hired.person_id in staffing.people_overview(deps, ada).invited
    links.use_password_link(deps, link, NEW)

    assert enters(deps, BEN, NEW)
    assert hired.person_id not in staffing.people_overview(deps, ada).invited
    assert not works(deps, link)
    with pytest.raises(NotFoundError):
        links.use_password_link(deps, link, "another fine password")


def test_looking_uses_nothing_up(deps, ada, postbox):
    staffing.create_person(deps, ada, draft())
    (link,) = mailed_links(deps, postbox)

    for _ in range(5):
        links.read_password_link(deps, link)

    links.use_password_link(deps, link, NEW)
    assert enters(deps, BEN, NEW)


def test_an_invitation_works_for_72_hours(deps, ada, postbox, clock):
    staffing.create_person(deps, ada, draft())
    (link,) = mailed_links(deps, postbox)

    clock.advance(timedelta(hours=72) - timedelta(seconds=1))
    assert works(deps, link)
    clock.advance(timedelta(seconds=1))
    assert not works(deps, link)


def test_a_password_that_cannot_be_used_leaves_the_link_alone(deps, ada, postbox):
    staffing.create_person(deps, ada, draft())
    (link,) = mailed_links(deps, postbox)

    with pytest.raises(InvalidInputError) as refused:
        links.use_password_link(deps, link, "BenOde2026!!")

    assert list(refused.value.fields) == ["password"]
    links.use_password_link(deps, link, NEW)


def test_of_many_who_use_a_link_at_once_one_does(deps, ada, postbox):
    staffing.create_person(deps, ada, draft())
    (link,) = mailed_links(deps, postbox)

    def use(n):
        try:
            links.use_password_link(deps, link, f"{NEW} {n}")
        except NotFoundError:
            return 0
        return 1

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(use, range(8))) == 1


def test_an_invitation_sent_again_ends_the_one_before(deps, ada, postbox):
    hired = staffing.create_person(deps, ada, draft())
    assert inviting.send_password_link(deps, ada, hired.person_id) == BEN

    (link,) = mailed_links(deps, postbox)  # the first one is not even sent any more
    assert works(deps, link)
    inviting.send_password_link(deps, ada, hired.person_id)
    assert not works(deps, link)


def test_repeated_press_mails_one_link_and_does_not_count(deps, ada, postbox):
    hired = staffing.create_person(deps, ada, draft())
    (first,) = mailed_links(deps, postbox)
    keys = [f"press-{number}" for number in range(inviting.MOST - 1)]

    for key in keys:
        for _ in range(2):
            inviting.send_password_link(deps, ada, hired.person_id, key=key)
    again = inviting.send_password_link(deps, ada, hired.person_id, key=keys[0])

    assert again == BEN
    (*_, newest) = mailed_links(deps, postbox)
    assert (works(deps, first), works(deps, newest)) == (False, True)
    assert len(postbox.sent) == 2, "links that were replaced are not mailed"


def test_key_of_one_person_sends_nothing_to_another(deps, ada, ana):
    hired = staffing.create_person(deps, ada, draft())
    inviting.send_password_link(deps, ada, hired.person_id, key="press")

    with pytest.raises(IdempotencyMismatchError):
        inviting.send_password_link(deps, ada, ana.id, key="press")


def test_links_to_one_person_have_a_limit(deps, ada):
    hired = staffing.create_person(deps, ada, draft())
    for _ in range(inviting.MOST - 1):
        inviting.send_password_link(deps, ada, hired.person_id)

    with pytest.raises(TooManyRequestsError):
        inviting.send_password_link(deps, ada, hired.person_id)


def test_a_link_dies_with_the_address_it_went_to_and_with_the_account(
    deps, ada, postbox
):
    hired = staffing.create_person(deps, ada, draft())
    (first,) = mailed_links(deps, postbox)
    held = staffing.person_file(deps, ada, hired.person_id)
    moved = replace(held.draft, email="ode@bank.example")
    staffing.save_person(deps, ada, hired.person_id, moved, version=1)
    assert not works(deps, first)
    delivery.deliver_due_mails(deps)
    told = postbox.sent[-1]
    assert (told.to, "ode@bank.example" in told.text) == (BEN, True)

    inviting.send_password_link(deps, ada, hired.person_id)
    (*_, second) = mailed_links(deps, postbox)
    staffing.set_person_active(deps, ada, hired.person_id, active=False, version=2)
    assert not works(deps, second)
    staffing.set_person_active(deps, ada, hired.person_id, active=True, version=3)
    assert not works(deps, second)


def test_repeated_press_shows_the_same_link_while_it_works(bank, ada):
    config = bank.deps.config.model_copy(update={"smtp_host": ""})
    without = replace(bank.deps, config=config)
    person_id = staffing.create_person(without, ada, draft()).person_id

    def show(by=ada, key="press"):
        return inviting.create_password_link(without, by, person_id, key=key)

    first = show()
    assert show() == first
    with pytest.raises(PasswordNeededError):
        show(replace(ada, gave_password=False))
    assert show(key="another press") != first
    with pytest.raises(NotFoundError, match="no longer works"):
        show()


def test_where_mail_can_go_out_no_link_is_shown(deps, ada):
    hired = staffing.create_person(deps, ada, draft())

    with pytest.raises(InvalidInputError, match="mailed and not shown"):
        inviting.create_password_link(deps, ada, hired.person_id)


def test_where_no_mail_can_go_out_a_link_is_shown_and_noted(bank, ada):
    config = bank.deps.config.model_copy(update={"smtp_host": ""})
    without = replace(bank.deps, config=config)
    hired = staffing.create_person(without, ada, draft())
    assert not hired.is_invited
    with pytest.raises(InvalidInputError, match="No mail server"):
        inviting.send_password_link(without, ada, hired.person_id)

    with pytest.raises(PasswordNeededError):
        inviting.create_password_link(
            without, replace(ada, gave_password=False), hired.person_id
        )
    name, address = inviting.create_password_link(without, ada, hired.person_id)

    assert name == "Ben Ode"
    links.use_password_link(without, address.rpartition("=")[2], NEW)
    assert enters(without, BEN, NEW)
    with bank.deps.unit_of_work() as work:
        actions = [it.action for it in work.audit.history(str(hired.person_id))]
    assert actions[:3] == ["created", "link to set a password shown", "password set"]


def test_whoever_forgot_the_password_gets_a_link_for_half_an_hour(
    deps, ana, postbox, clock
):
    links.ask_for_reset(deps, " ANA@bank.example ")

    (link,) = mailed_links(deps, postbox)
    assert postbox.sent[0].to == ana.email
    assert enters(deps, ana.email, PASSWORD)
    clock.advance(timedelta(minutes=29))
    assert works(deps, link)
    clock.advance(timedelta(minutes=2))
    assert not works(deps, link)


def test_strangers_and_disabled_people_get_no_mail_and_the_same_answer(
    deps, bank, ana, postbox
):
    bank.agent("Ben", password=PASSWORD)
    people.disable_person(deps, BEN)

    for email in ("nobody@bank.example", BEN, ana.email):
        assert links.ask_for_reset(deps, email) is None

    with deps.unit_of_work() as work:
        rows = work.session.connection().execute(text("SELECT payload FROM outbox"))
        assert [list(row.payload) for row in rows] == [["account"]] * 3
    delivery.deliver_due_mails(deps)
    assert [mail.to for mail in postbox.sent] == [ana.email]


def test_no_link_and_no_strangers_address_is_stored(deps, ana, postbox):
    links.ask_for_reset(deps, "stranger@elsewhere.example")
    links.ask_for_reset(deps, ana.email)
    (link,) = mailed_links(deps, postbox)

    with deps.unit_of_work() as work:
        connection = work.session.connection()
        tables = connection.execute(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ).scalars()
        everything = "".join(
            str(connection.execute(text(f'SELECT * FROM "{name}"')).all())  # noqa: S608
            for name in tables
        )
    assert hash_secret(link) in everything
    assert link not in everything
    assert "stranger" not in everything


def test_asking_for_links_has_a_limit_for_each_account_known_or_not(deps, ana):
    for email in (ana.email, "nobody@bank.example"):
        for n in range(links.MOST_FOR_ACCOUNT):
            links.ask_for_reset(at_address(deps, f"203.0.113.{n}"), email)
        with pytest.raises(TooManyRequestsError) as refused:
            links.ask_for_reset(at_address(deps, "203.0.113.99"), email)
        assert refused.value.retry_at == deps.now() + timedelta(days=1)


def test_asking_for_links_has_a_limit_for_each_network(deps, bank, clock):
    bank.agent("Ana")

    def ask(n):
        place = at_address(deps, f"2001:db8::{n:x}")
        links.ask_for_reset(place, f"somebody{n}@bank.example")

    for n in range(links.MOST_FROM_NETWORK):
        ask(n)
    with pytest.raises(TooManyRequestsError):
        ask(99)
    clock.advance(timedelta(hours=1, seconds=1))
    ask(99)


def test_a_mail_sent_a_second_time_brings_no_used_link_back(deps, ana, postbox, clock):
    links.ask_for_reset(deps, ana.email)
    (link,) = mailed_links(deps, postbox)
    links.use_password_link(deps, link, NEW)
    with deps.unit_of_work() as work:
        work.session.connection().execute(
            text("UPDATE outbox SET state = 'open', due_at = created_at")
        )

    again = mailed_links(deps, postbox)

    assert set(again) == {link}
    assert not works(deps, link)
    clock.advance(timedelta(days=8))
    periodic.seal_and_forget(deps)
    assert not works(deps, link)


def every_way_to_a_new_password(deps, postbox):
    """Yield what sets a password of Ana's, by name."""

    def by_link(ana, here):
        del here
        links.ask_for_reset(deps, ana.email)
        (*_, link) = mailed_links(deps, postbox)
        links.use_password_link(deps, link, NEW)

    def in_the_profile(ana, here):
        profile.change_password(deps, ana, hash_secret(here), (PASSWORD, NEW))

    def by_the_operator(ana, here):
        del here
        people.reset_password(deps, ana.email, NEW)

    return {
        "link": by_link,
        "profile": in_the_profile,
        "operator": by_the_operator,
    }


@pytest.mark.parametrize("way", ["link", "profile", "operator"])
def test_a_new_password_ends_what_the_old_one_let_in_and_tells_its_owner(
    deps, ana, postbox, way
):
    known = sessions.sign_in(deps, ana.email, PASSWORD).browser
    other = sessions.sign_in(deps, ana.email, PASSWORD).token
    here = sessions.sign_in(deps, ana.email, PASSWORD).token
    wanted = TokenDraft(name="Report", scope=TokenScope.READ, days=30)
    program = tokens.make_api_token(deps, ana, wanted, PASSWORD).secret
    links.ask_for_reset(deps, ana.email)
    (waiting,) = mailed_links(deps, postbox)

    every_way_to_a_new_password(deps, postbox)[way](ana, here)

    assert sessions.actor_of_session(deps, other) is None
    assert (sessions.actor_of_session(deps, here) == ana) == (way == "profile")
    assert tokens.actor_of_api_token(deps, program) is None
    assert not works(deps, waiting)
    came = [try_in_vain(deps, ana.email, "", browser=known) for _ in range(6)]
    assert came[-1] == "TooManyRequestsError"  # the browser is not known any more
    delivery.deliver_due_mails(deps)
    told = postbox.sent[-1]
    assert (told.to, told.subject) == (ana.email, "Your password was changed")
    assert NEW not in told.text


def test_a_link_gets_an_owner_in_whose_account_is_being_guessed(deps, ana, postbox):
    for n in range(20):
        try_in_vain(deps, ana.email, f"203.0.113.{n}")
    links.ask_for_reset(deps, ana.email)
    (link,) = mailed_links(deps, postbox)

    links.use_password_link(deps, link, NEW, browser="this one")

    assert sessions.sign_in(deps, ana.email, NEW, browser="this one").token


@pytest.mark.parametrize("link", ["", "x" * 32, "x" * 5_000, "\0", "../../etc"])
def test_what_is_no_link_opens_nothing(deps, bank, link):
    assert bank.deps is deps
    with pytest.raises(InvoError, match="no longer works"):
        links.use_password_link(deps, link, NEW)
