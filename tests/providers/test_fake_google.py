"""The fake Google is as Google's own client and description have it."""

from datetime import UTC, date, datetime, timedelta

import httplib2
import pytest
from google.auth.exceptions import RefreshError
from google.oauth2.credentials import Credentials
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from tests.support.google import SCHEDULER
from tests.support.google.google import SCOPE

NINE = datetime(2027, 3, 8, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANA, BEN = "ana@bank.example", "ben@bank.example"
ID = "0123456789abcdefv"


@pytest.fixture
def client(google):
    """Google's own client, with the fake as its Google."""
    token = google.access_token(SCHEDULER, f"{SCOPE}calendar")
    line = httplib2.Http(ca_certs=str(google.ca_file), timeout=20)
    yield build(
        "calendar",
        "v3",
        http=AuthorizedHttp(Credentials(token), http=line),
        client_options={"api_endpoint": f"{google.url}/calendar/v3/"},
        static_discovery=True,
    )
    line.close()


def times(start=NINE, end=NINE + HOUR):
    return {
        "start": {"dateTime": start.isoformat()},
        "end": {"dateTime": end.isoformat()},
    }


def question(*names, start=NINE, days=1, **more):
    return {
        "timeMin": start.isoformat(),
        "timeMax": (start + timedelta(days=days)).isoformat(),
        "items": [{"id": name} for name in names],
        **more,
    }


def reason_of(call):
    with pytest.raises(HttpError) as caught:
        call.execute()
    return caught.value.resp.status, caught.value.error_details[0]["reason"]


# free and busy


def test_busy_ranges_are_merged_and_told_without_entries(google, client):
    google.busy(ANA, NINE, NINE + HOUR)
    google.busy(ANA, NINE + HOUR / 2, NINE + 2 * HOUR)

    answer = client.freebusy().query(body=question(ANA)).execute()

    assert answer["calendars"] == {
        ANA: {
            "busy": [{"start": "2027-03-08T09:00:00Z", "end": "2027-03-08T11:00:00Z"}]
        }
    }


def test_who_is_not_there_and_who_does_not_share_are_told_alike(google, client):
    google.unknown(ANA)
    google.hidden(BEN)

    answer = client.freebusy().query(body=question(ANA, BEN)).execute()

    ana, ben = answer["calendars"][ANA], answer["calendars"][BEN]
    assert ana == ben
    assert ana["errors"] == [{"domain": "global", "reason": "notFound"}]
    assert ana["busy"] == []


def test_too_many_calendars_are_an_error_of_each_with_nothing_busy(google, client):
    google.busy(ANA, NINE, NINE + HOUR)
    others = [f"agent{n}@bank.example" for n in range(50)]

    answer = client.freebusy().query(body=question(ANA, *others)).execute()

    assert answer["calendars"][ANA]["busy"] == []
    reasons = {it["errors"][0]["reason"] for it in answer["calendars"].values()}
    assert reasons == {"tooManyCalendarsRequested"}


def test_group_is_answered_for_its_members_and_not_under_its_name(google, client):
    google.add_group("team@bank.example", ANA, BEN)

    answer = client.freebusy().query(body=question("team@bank.example")).execute()

    assert set(answer["calendars"]) == {ANA, BEN}
    assert answer["groups"] == {"team@bank.example": {"calendars": [ANA, BEN]}}


@pytest.mark.parametrize(
    ("days", "reason"), [(0, "timeRangeEmpty"), (91, "timeRangeTooLong")]
)
def test_empty_and_long_ranges_are_refused(client, days, reason):
    call = client.freebusy().query(body=question(ANA, days=days))

    assert reason_of(call) == (400, reason)


def test_time_without_offset_is_refused(client):
    body = question(ANA) | {"timeMin": "2027-03-08T09:00:00"}

    assert reason_of(client.freebusy().query(body=body)) == (400, "badRequest")


# events


def test_event_is_read_by_googles_client_as_it_was_written(google, client):
    host = google.host()
    body = {"id": ID, "summary": "Mortgage", "attendees": [{"email": ANA}], **times()}

    written = client.events().insert(calendarId=host, body=body).execute()

    assert client.events().get(calendarId=host, eventId=ID).execute() == written
    assert written["start"]["dateTime"] == "2027-03-08T03:00:00-06:00"
    assert written["attendees"] == [{"email": ANA, "responseStatus": "needsAction"}]


def test_id_is_taken_for_good_even_when_its_event_was_deleted(google, client):
    host = google.host()
    insert = client.events().insert(calendarId=host, body={"id": ID, **times()})
    insert.execute()

    assert reason_of(insert) == (409, "duplicate")
    assert client.events().delete(calendarId=host, eventId=ID).execute() == ""
    assert reason_of(client.events().delete(calendarId=host, eventId=ID)) == (
        410,
        "deleted",
    )
    assert reason_of(insert) == (409, "duplicate")
    there = client.events().get(calendarId=host, eventId=ID).execute()
    assert there["status"] == "cancelled"


@pytest.mark.parametrize("name", ["abcd", "ABCDEF", "wxyz1", "0123-4567"])
def test_id_that_is_not_base32hex_is_refused(google, client, name):
    insert = client.events().insert(
        calendarId=google.host(), body={"id": name, **times()}
    )

    assert reason_of(insert) == (400, "invalid")


def test_change_with_an_old_version_is_refused(google, client):
    host = google.host()
    written = client.events().insert(calendarId=host, body=times()).execute()
    google.change(written["id"], summary="Changed by hand")
    patch = client.events().patch(
        calendarId=host, eventId=written["id"], body={"summary": "Ours"}
    )
    patch.headers["If-Match"] = written["etag"]

    assert reason_of(patch) == (412, "conditionNotMet")


def test_events_are_listed_in_pages_and_those_deleted_on_request_only(google, client):
    host = google.host()
    names = [
        google.foreign_event(host, NINE + n * HOUR, NINE + (n + 1) * HOUR)
        for n in range(5)
    ]
    google.delete(names[0])
    google.page_limit = 2
    listed, call = [], client.events().list(calendarId=host)
    while call is not None:
        page = call.execute()
        listed += page["items"]
        call = client.events().list_next(call, page)

    assert [it["id"] for it in listed] == names[1:]
    every = client.events().list(calendarId=host, showDeleted=True).execute()
    assert every["items"][0]["status"] == "cancelled"


def test_list_is_narrowed_by_time_and_by_private_property(google, client):
    host = google.host()
    mark = {"private": {"key": "1"}}
    google.put(host, NINE, NINE + HOUR, extendedProperties=mark)
    google.put(host, NINE, NINE + HOUR)

    ours = client.events().list(calendarId=host, privateExtendedProperty="key=1")
    none = client.events().list(calendarId=host, timeMin=(NINE + HOUR).isoformat())

    assert len(ours.execute()["items"]) == 1
    assert none.execute()["items"] == []


def test_series_is_one_event_or_all_that_take_place(google, client):
    host = google.host()
    name = google.foreign_event(host, NINE, NINE + HOUR)
    google.repeat_weekly(name, 3)

    [master] = client.events().list(calendarId=host).execute()["items"]
    each = client.events().list(calendarId=host, singleEvents=True).execute()["items"]

    assert master["recurrence"] == ["RRULE:FREQ=WEEKLY;COUNT=3"]
    assert [it["recurringEventId"] for it in each] == [name] * 3


def test_day_is_told_as_a_date(google, client):
    host = google.host()
    google.put(host, date(2027, 3, 8), date(2027, 3, 9))

    [event] = client.events().list(calendarId=host).execute()["items"]

    assert (event["start"], event["end"]) == (
        {"date": "2027-03-08"},
        {"date": "2027-03-09"},
    )


def test_meeting_is_made_on_request_and_with_the_version_that_has_it(google, client):
    host = google.host()
    meeting = {
        "createRequest": {
            "requestId": "1",
            "conferenceSolutionKey": {"type": "hangoutsMeet"},
        }
    }
    body = {**times(), "conferenceData": meeting}
    insert = client.events().insert

    with_it = insert(calendarId=host, body=body, conferenceDataVersion=1).execute()

    assert with_it["hangoutLink"].startswith("https://meet.google.com/")
    assert "hangoutLink" not in insert(calendarId=host, body=body).execute()


# who may


def test_calendars_are_those_of_the_account(google, client):
    made = client.calendars().insert(body={"summary": "Appointments"}).execute()
    google.add_calendar("Somebody else's", ANA)

    rows = client.calendarList().list(minAccessRole="owner").execute()["items"]

    assert {row["id"] for row in rows} == {SCHEDULER, made["id"]}
    assert client.calendarList().get(calendarId="primary").execute()["primary"]


def test_calendar_that_is_not_shared_is_not_there(google, client):
    other = google.add_calendar("Theirs", ANA).id

    assert reason_of(client.events().list(calendarId=other)) == (404, "notFound")


def test_calendar_that_may_be_read_only_is_not_written(google, client):
    other = google.add_calendar("Theirs", ANA, roles={SCHEDULER: "reader"}).id
    insert = client.events().insert(calendarId=other, body=times())

    assert client.events().list(calendarId=other).execute()["items"] == []
    assert reason_of(insert) == (403, "requiredAccessLevel")


def test_token_without_the_scope_is_refused(google, client):
    narrow = (f"{SCOPE}calendar.freebusy",)
    for grant in google.access_tokens.values():
        grant.scopes = narrow

    call = client.events().list(calendarId="primary")

    assert reason_of(call)[0] == 403
    assert client.freebusy().query(body=question(ANA)).execute()["calendars"]


def test_expired_token_is_refused(google, client):
    google.expire_access_tokens()

    with pytest.raises(RefreshError):
        client.calendarList().list().execute()
