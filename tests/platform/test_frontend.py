import os
import stat
from pathlib import Path

import pytest

from invo_booking.config import load_config
from invo_booking.run import frontend


@pytest.fixture
def config(tmp_path, monkeypatch):
    monkeypatch.setenv("REFLEX_WEB_WORKDIR", str(tmp_path / "web"))
    return load_config({"INVO_DATA_DIR": str(tmp_path)})


def pretend_built(config):
    folder = frontend.web_dir(config)
    (folder / "build" / "client").mkdir(parents=True)
    (folder / "build" / "client" / "index.html").touch()
    (folder / "invo-build.sha256").write_text(frontend.pages_fingerprint(config))


def test_nothing_is_built_twice(config):
    assert not frontend.has_built_pages(config)
    pretend_built(config)

    assert frontend.has_built_pages(config)
    frontend.build_pages(config, {}, lambda _: pytest.fail("it was built again"))


def test_another_address_is_another_build(config):
    pretend_built(config)
    moved = config.model_copy(update={"public_url": "https://booking.example"})

    assert not frontend.has_built_pages(moved)


def test_each_port_has_a_folder_of_its_own(config, monkeypatch):
    monkeypatch.delenv("REFLEX_WEB_WORKDIR")
    other = config.model_copy(update={"port": 8123})

    assert frontend.web_dir(config).name == ".web"
    assert frontend.web_dir(other).name == ".web-8123"


def test_node_of_the_environment_comes_first(config):
    folders = frontend.build_environment(config)["PATH"].split(os.pathsep)

    assert (Path(folders[0]) / "node").exists()


def test_pages_are_built_for_the_address_they_count_as_built_for(config, tmp_path):
    reflex = tmp_path / "reflex"
    reflex.write_text('#!/bin/sh\necho "for $INVO_PUBLIC_URL, $INVO_PORT"\nexit 1\n')
    reflex.chmod(0o755)
    elsewhere = {"INVO_PORT": "8123", "INVO_PUBLIC_URL": "https://other.example"}

    with pytest.raises(frontend.FrontendError, match=f"for {config.public_url}, 8000"):
        frontend.build_pages(config, elsewhere, lambda _: None, programs=tmp_path)


def test_folder_that_cannot_be_written_is_a_sentence(config, tmp_path):
    """As in a container whose image has pages for another address."""
    (tmp_path / "web").write_text("a file where the folder is to be")

    with pytest.raises(frontend.FrontendError, match="build the image for this addr"):
        frontend.build_pages(config, {}, lambda _: None)


def test_failed_build_is_a_sentence_with_its_words(config, tmp_path):
    reflex = tmp_path / "reflex"
    reflex.write_text("#!/bin/sh\necho no such page\nexit 1\n")
    reflex.chmod(0o755)

    with pytest.raises(frontend.FrontendError, match="no such page"):
        frontend.build_pages(config, {}, lambda _: None, programs=tmp_path)
    assert not frontend.has_built_pages(config)
    log = frontend.web_dir(config) / "invo-build.log"
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
