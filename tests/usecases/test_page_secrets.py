import pytest

from invo_booking.config import load_config
from invo_booking.usecases.shared.page_secrets import hide_secret, show_secret

SECRET = "3q2-7wAAAAAAAAAAAAAAAA3q2-7wAAAA"
OLD, NEW = "old:" + "5e" * 32, "new:" + "a1" * 32


def config(tmp_path, keys):
    return load_config({"INVO_DATA_DIR": str(tmp_path), "INVO_SECRET_KEYS": keys})


def test_a_hidden_secret_is_shown_again_and_hides_the_same_way_each_time(tmp_path):
    ours = config(tmp_path, OLD)

    assert SECRET not in hide_secret(ours, SECRET)
    assert hide_secret(ours, SECRET) == hide_secret(ours, SECRET)
    assert show_secret(ours, hide_secret(ours, SECRET)) == SECRET


def test_pages_that_were_open_before_keys_were_rotated_go_on(tmp_path):
    hidden = hide_secret(config(tmp_path, OLD), SECRET)

    assert show_secret(config(tmp_path, f"{NEW},{OLD}"), hidden) == SECRET
    assert show_secret(config(tmp_path, NEW), hidden) == ""


@pytest.mark.parametrize("text", ["old.", "old.AAAA", "none.AAAA", "../x", "old.é"])
def test_what_was_made_up_opens_nothing(tmp_path, text):
    assert show_secret(config(tmp_path, OLD), text) == ""
