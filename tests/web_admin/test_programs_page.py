"""The page of programs and tokens, as administrators see it."""

import asyncio

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.access.scopes import TokenScope
from invo_booking.usecases.accounts import programs, tokens
from invo_booking.usecases.accounts.programs import ProgramDraft
from invo_booking.usecases.accounts.tokens import TokenDraft
from invo_booking.web.admin.programs.state import ProgramsState
from invo_booking.web.profile.state import ProfileState
from tests.support.bank import PASSWORD


@pytest.fixture
def ada(bank):
    return bank.agent(
        "Ada", roles=(Role.ADMINISTRATOR,), languages=(), password=PASSWORD
    )


@pytest.fixture
def open_page(bank, product, sign_in, ada):
    """Open the page at an address, and return its state."""
    assert product is bank.deps
    client = sign_in(ada)

    def open_at(query=""):
        asyncio.run(client.send(ProgramsState, "open_page", at=f"/programs{query}"))
        return asyncio.run(client.see(ProgramsState))

    def press(event, *args):
        asyncio.run(client.send(ProgramsState, event, *args))
        return asyncio.run(client.see(ProgramsState))

    def own(query):
        asyncio.run(client.send(ProfileState, "open_page", at=f"/profile{query}"))
        return asyncio.run(client.see(ProfileState))

    open_at.press, open_at.own = press, own
    return open_at


def make(bank, ada, **more):
    draft = ProgramDraft(
        name="Kiosk",
        contact="Digital",
        scope=TokenScope.WRITE,
        all_queues="queues" not in more,
        **more,
    )
    return programs.make_program(bank.deps, ada, draft, PASSWORD)


def test_page_without_programs_and_tokens_is_empty_and_offers_a_form(open_page):
    page = open_page()

    assert (page.rows, page.tokens, page.is_editing) == ([], [], False)
    form = open_page("?new=1").form
    assert (form.heading, form.scope, form.is_new) == ("New program", "write", True)


def test_refused_form_keeps_what_was_typed_and_says_why(open_page):
    page = open_page("?new=1&name=App&contact=Digital&days=30&error=password")

    assert (page.form.name, page.form.contact, page.form.days) == (
        "App",
        "Digital",
        "30",
    )
    assert list(page.errors) == ["password"]


def test_refused_form_keeps_the_chosen_queues_and_never_widens_them(open_page, bank):
    ticked = f"?new=1&reach=some&queue={bank.queue_id}&error=password"

    page = open_page(ticked)

    assert page.form.reach == "some"
    assert {it.value: it.is_on for it in page.form.queues}[str(bank.queue_id)]
    assert list(page.errors) == ["password"]
    assert open_page("?new=1").form.reach == ""


def test_queues_that_did_not_come_back_must_be_ticked_again(open_page):
    page = open_page("?new=1&reach=some&error=password")

    assert list(page.errors) == ["password", "queues"]
    assert not any(it.is_on for it in page.form.queues)


def test_refused_renewal_keeps_when_the_old_token_ends(open_page, bank, ada):
    program = make(bank, ada).program.id

    page = open_page(f"?renew={program}&days=30&overlap=0&error=password")

    assert (page.form.days, page.form.overlap) == ("30", "0")
    assert open_page(f"?renew={program}").form.overlap == "7"


def test_refused_form_of_a_token_of_ones_own_keeps_what_was_typed(open_page):
    typed = "name=Report&scope=read&days=365"

    own = open_page.own(f"?error=token-password&{typed}")

    assert (own.form.name, own.form.scope, own.form.days) == ("Report", "read", "365")
    assert open_page.own("").form.name == ""


def test_program_is_shown_with_its_queues_and_never_with_its_token(
    open_page, bank, ada
):
    made = make(bank, ada, queues=frozenset({bank.queue_id}))

    (row,) = open_page().rows

    assert (row.name, row.queues, row.used) == ("Kiosk", "Lending", "Never")
    assert row.tokens == "Works until it is revoked"
    assert made.secret not in str(open_page())
    assert open_page(f"?renew={row.id}").form.action.endswith(f"{row.id}/token")


def test_end_of_a_token_is_told_with_its_year(open_page, bank, ada):
    make(bank, ada, days=365)

    assert open_page().rows[0].tokens == "Works until 23 Nov 2027"


def test_program_is_revoked_after_being_asked_again(open_page, bank, ada):
    made = make(bank, ada)
    (row,) = open_page().rows

    open_page.press("ask_to_revoke", row.id)
    assert programs.program_of_token(bank.deps, made.secret) is not None
    page = open_page.press("revoke_program")

    assert programs.program_of_token(bank.deps, made.secret) is None
    assert page.done == "“Kiosk” is revoked. Its tokens no longer work."
    assert [it.is_in_use for it in page.rows] == [False]


def test_token_of_somebody_is_listed_with_its_owner_and_revoked(open_page, bank):
    ana = bank.agent("Ana", password=PASSWORD)
    draft = TokenDraft(name="Report", scope=TokenScope.READ, days=30)
    made = tokens.make_api_token(bank.deps, ana, draft, PASSWORD)

    (row,) = open_page().tokens
    page = open_page.press("revoke_token", row.key)

    assert (row.owner, row.name, row.scope) == ("Ana", "Report", "May read")
    assert page.tokens == []
    assert tokens.actor_of_api_token(bank.deps, made.secret) is None
