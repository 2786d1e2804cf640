from starlette.staticfiles import StaticFiles
from starlette.testclient import TestClient

from invo_booking.api.core.addresses import PlainAddresses


def test_pages_are_served_where_they_are_linked_to(tmp_path):
    (tmp_path / "sign-in").mkdir()
    (tmp_path / "sign-in" / "index.html").write_text("Sign in")
    (tmp_path / "index.html").write_text("Home")
    files = StaticFiles(directory=tmp_path, html=True)
    door = TestClient(PlainAddresses(files, tmp_path), follow_redirects=False)

    assert door.get("/sign-in?next=/bookings").text == "Sign in"
    assert door.get("/sign-in/").text == "Sign in"
    assert door.get("/").text == "Home"
