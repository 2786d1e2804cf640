"""Alerts and the dashboard of ``deploy/`` watch the figures that exist."""

import json
import re

import pytest
import yaml

from invo_booking.config import PROJECT

MONITORING = PROJECT / "deploy" / "monitoring"
FIGURE = re.compile(r"\binvo_\w+")


@pytest.fixture
def exposed(api, bank) -> set[str]:
    """The names of the figures that a scrape finds."""
    del bank
    lines = api.get("/metrics").text.splitlines()
    return {FIGURE.findall(line)[0] for line in lines if not line.startswith("#")}


@pytest.fixture
def alerts() -> list[dict[str, str]]:
    """The alerting rules."""
    (group,) = yaml.safe_load((MONITORING / "rules.yml").read_text())["groups"]
    return group["rules"]


@pytest.fixture
def drawn() -> set[str]:
    """The figures on the dashboard."""
    board = json.loads((MONITORING / "dashboard.json").read_text())
    return {
        name
        for panel in board["panels"]
        for target in panel["targets"]
        for name in FIGURE.findall(target["expr"])
    }


def test_alerts_watch_figures_that_exist(exposed, alerts):
    watched = {name for rule in alerts for name in FIGURE.findall(rule["expr"])}

    assert watched - exposed == set()


def test_dashboard_draws_every_figure_and_no_other(exposed, drawn):
    assert drawn == exposed - {"invo_audit_head"}, "the head is for comparing"


def test_operations_guide_explains_every_figure_that_alerts(alerts):
    guide = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
    watched = {name for rule in alerts for name in FIGURE.findall(rule["expr"])}

    assert {name for name in watched if f"`{name}`" not in guide} == set()


def test_figures_that_only_compose_and_kubernetes_use_exist(exposed):
    adapter = (MONITORING / "adapter.yaml").read_text()
    scaler = (PROJECT / "deploy" / "kubernetes" / "web.yaml").read_text()

    assert set(FIGURE.findall(adapter)) <= exposed
    assert "name: invo_web_sockets" in scaler
