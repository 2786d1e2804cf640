from invo_booking.domain.notifications import ANYTHING, SETTINGS, Notification


def about(*subjects, appointments=()):
    known = None if appointments is None else frozenset(appointments)
    return Notification(frozenset(subjects), known)


def test_burst_is_about_everything_its_parts_are_about():
    parts = [about(SETTINGS), about(appointments=["a", "b"]), about(appointments="c")]

    assert Notification.join(parts) == about(SETTINGS, appointments="abc")


def test_one_part_that_may_be_about_any_appointment_makes_the_burst_so():
    parts = [about(SETTINGS, appointments="a"), about(appointments=None)]

    assert Notification.join(parts) == about(SETTINGS, ANYTHING, appointments=None)
