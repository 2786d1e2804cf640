"""What ``deploy/`` ships, as far as it can be checked without building it."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import kubernetes_validate
import pytest
import yaml

from invo_booking.api.application import ROUTERS
from invo_booking.cli import app
from invo_booking.config import PROJECT, unknown_variables
from tests.support.nginx import (
    BLANK,
    BURST,
    NAMED_ADDRESS,
    RATE,
    TEMPLATE,
    check_configuration,
    find_program,
    plain_values,
    serving_nginx,
    write_configuration,
)
from tests.support.servers import free_port

DEPLOY = PROJECT / "deploy"
MANIFESTS = DEPLOY / "kubernetes"
NOT_OURS = {"postgres", "valkey", "proxy"}
PROGRAMS = Path(sys.executable).parent


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a program; return what it said and how it ended."""
    return subprocess.run(command, capture_output=True, text=True, check=False)


def resources() -> Iterator[tuple[str, dict[str, Any]]]:
    """Return everything the base of Kubernetes creates, with its file."""
    base = yaml.safe_load((MANIFESTS / "kustomization.yaml").read_text())
    for name in base["resources"]:
        for each in yaml.safe_load_all((MANIFESTS / name).read_text()):
            yield name, each


def pods() -> Iterator[tuple[str, dict[str, Any]]]:
    """Return the pod templates, with the names of their owners."""
    for _, each in resources():
        if each["kind"] in {"Deployment", "Job"}:
            yield each["metadata"]["name"], each["spec"]["template"]


def of_kind(kind: str) -> list[dict[str, Any]]:
    """Return the resources of a kind."""
    return [each for _, each in resources() if each["kind"] == kind]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The Compose file with its anchors resolved."""
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


@pytest.fixture(scope="module")
def ours(compose) -> dict[str, dict[str, Any]]:
    """The services that run our image."""
    services = compose["services"]
    return {name: it for name, it in services.items() if name not in NOT_OURS}


def is_command(words: list[str]) -> bool:
    """Whether our program has this command with these options."""
    known = {it.name or it.callback.__name__ for it in app.registered_commands}
    options = {"--mail", "--beat"} if words[0] == "worker" else set[str]()
    return words[0] in known and set(words[1:]) <= options


def test_container_file_has_no_fault_that_hadolint_knows():
    said = run(str(PROGRAMS / "hadolint"), str(DEPLOY / "Containerfile"))

    assert (said.returncode, said.stdout) == (0, "")


def test_container_runs_as_an_ordinary_user_with_pages_that_were_built_before():
    stages = re.split(
        r"^FROM ", (DEPLOY / "Containerfile").read_text(), flags=re.MULTILINE
    )
    built, last = stages[1:]

    assert "invo-booking build" in built
    assert re.findall(r"^USER (\d+):\d+$", last, re.MULTILINE) == ["10001"]
    assert "npm" not in last
    assert is_command(["build"])
    assert is_command(json.loads(re.findall(r"^CMD (.+)$", last, re.MULTILINE)[0]))


def test_compose_file_is_one(compose, tmp_path):
    resolved = tmp_path / "compose.json"
    resolved.write_text(json.dumps(compose))
    checker = str(PROGRAMS / "check-jsonschema")

    said = run(checker, "--builtin-schema", "vendor.compose-spec", str(resolved))

    assert said.returncode == 0, said.stdout


def test_containers_of_compose_may_change_nothing_but_their_data(ours):
    assert len(ours) == 6
    for service in ours.values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]


def test_compose_names_only_variables_and_commands_that_exist(ours):
    for service in ours.values():
        assert list(unknown_variables(service["environment"])) == []
        assert is_command(service["command"])


def test_compose_fills_every_blank_of_the_proxy_and_its_variables_are_explained(
    compose,
):
    text = (DEPLOY / "compose.yaml").read_text()
    filled = compose["services"]["proxy"]["environment"]
    example = (DEPLOY / "compose.env.example").read_text()
    asked = set(re.findall(r"\$\{(\w+)", text))

    assert set(BLANK.findall(TEMPLATE.read_text())) <= set(filled)
    assert set(re.findall(r"^(\w+)=", example, re.MULTILINE)) == asked


def test_every_manifest_is_one_kubernetes_takes():
    for name, resource in resources():
        kubernetes_validate.validate(resource, "1.33", strict=True)
        assert resource["metadata"]["name"], name


def test_every_manifest_is_in_the_base():
    listed = {name for name, _ in resources()} | {"kustomization.yaml"}

    assert listed == {path.name for path in MANIFESTS.glob("*.yaml")}


def test_pods_meet_the_restricted_standard_with_a_read_only_root():
    for name, pod in pods():
        (container,) = pod["spec"]["containers"]
        rights = container["securityContext"]
        assert pod["spec"]["securityContext"]["runAsNonRoot"], name
        assert pod["spec"]["securityContext"]["seccompProfile"]["type"], name
        assert rights["readOnlyRootFilesystem"], name
        assert not rights["allowPrivilegeEscalation"], name
        assert rights["capabilities"] == {"drop": ["ALL"]}, name
        assert is_command(container["args"]), name


def test_manifests_name_only_variables_that_exist():
    (variables,) = of_kind("ConfigMap")
    (secrets,) = of_kind("Secret")

    assert list(unknown_variables(variables["data"] | secrets["stringData"])) == []


def test_what_selects_pods_selects_some():
    labels = [pod["metadata"]["labels"] for _, pod in pods()]
    selectors = [
        *(it["spec"]["selector"] for it in of_kind("Service")),
        *(it["spec"]["selector"]["matchLabels"] for it in of_kind("Deployment")),
        *(
            it["spec"]["selector"]["matchLabels"]
            for it in of_kind("PodDisruptionBudget")
        ),
    ]

    for selector in selectors:
        assert any(selector.items() <= label.items() for label in labels), selector


def test_probes_ask_routes_that_exist_and_the_pod_outlives_its_drain():
    web = dict(pods())["web"]["spec"]
    (container,) = web["containers"]
    paths = {
        getattr(route, "path", "") for router in ROUTERS for route in router.routes
    }
    probes = ("startupProbe", "livenessProbe", "readinessProbe")

    asked = {probe: container[probe]["httpGet"]["path"] for probe in probes}

    assert set(asked.values()) <= paths
    assert asked["livenessProbe"] == "/healthz"
    assert asked["readinessProbe"] == "/readyz"
    assert container["lifecycle"]["preStop"]["exec"]["command"] == ["sleep", "5"]
    assert web["terminationGracePeriodSeconds"] >= 5 + 20


def test_web_is_scaled_by_cpu_and_by_a_figure_that_the_adapter_offers():
    (scaler,) = of_kind("HorizontalPodAutoscaler")
    by = [metric["type"] for metric in scaler["spec"]["metrics"]]
    figure = scaler["spec"]["metrics"][1]["pods"]["metric"]["name"]
    adapter = yaml.safe_load((DEPLOY / "monitoring" / "adapter.yaml").read_text())

    assert by == ["Resource", "Pods"]
    assert re.fullmatch(adapter["rules"][0]["name"]["matches"], figure)


@pytest.fixture
def strict_proxy(tmp_path) -> Iterator[Callable[[str], int]]:
    """Ask nginx, which takes one request a minute of a caller, from an address."""
    (tmp_path / "tls.conf").touch()
    port = free_port()
    path = write_configuration(
        tmp_path, plain_values(port, [free_port()], tmp_path / "tls.conf"), rate="1r/m"
    )
    (tmp_path / "booking.conf").write_text(
        (tmp_path / "booking.conf").read_text().replace(f" {BURST} nodelay", "")
    )
    with serving_nginx(path, port):
        url = f"http://127.0.0.1:{port}/"
        yield lambda it: httpx.get(url, headers={NAMED_ADDRESS: it}).status_code


@pytest.mark.parametrize(
    ("first", "again", "other"),
    [
        ("203.0.113.7", "203.0.113.7", "203.0.113.8"),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"),
        ("2001:db8:a0a:a0a::1", "2001:db8:a0a:a0a:a0a::9", "2001:db8:a0a:a0b::1"),
    ],
)
def test_nginx_counts_addresses_and_networks_and_says_too_many(
    strict_proxy, first, again, other
):
    assert [strict_proxy(it) for it in (first, again, other)] == [502, 429, 502]


def test_ingress_limits_requests_as_nginx_does_and_hides_the_metrics():
    ingresses = {it["metadata"]["name"]: it for it in of_kind("Ingress")}
    prefix = "nginx.ingress.kubernetes.io"
    told = ingresses["web"]["metadata"]["annotations"]
    rate = int(told[f"{prefix}/limit-rps"])
    burst = rate * int(told[f"{prefix}/limit-burst-multiplier"])
    (rule,) = ingresses["metrics"]["spec"]["rules"]
    (path,) = rule["http"]["paths"]
    hidden = ingresses["metrics"]["metadata"]["annotations"]

    assert (f"{rate}r/s", f"burst={burst}") == (RATE, BURST)
    assert (path["path"], path["pathType"]) == ("/metrics", "Exact")
    assert hidden[f"{prefix}/whitelist-source-range"] == "127.0.0.1/32"


def test_nginx_would_refuse_a_configuration_with_a_fault(tmp_path):
    (tmp_path / "tls.conf").write_text("no_such_directive on;")
    values = plain_values(8080, [8001], tmp_path / "tls.conf")

    with pytest.raises(subprocess.CalledProcessError):
        check_configuration(write_configuration(tmp_path, values))


@pytest.mark.parametrize("what", [["check", "rules", "rules.yml"], None])
def test_alerts_are_rules_that_fire_when_they_should(what):
    promtool = find_program("promtool", "prometheus")
    command = what or ["test", "rules", "rules.test.yml"]

    said = subprocess.run(
        [promtool, *command],
        cwd=DEPLOY / "monitoring",
        capture_output=True,
        text=True,
        check=False,
    )

    assert said.returncode == 0, said.stdout + said.stderr


def test_every_question_of_the_dashboard_is_one_prometheus_takes(tmp_path):
    dashboard = json.loads((DEPLOY / "monitoring" / "dashboard.json").read_text())
    targets = [it for panel in dashboard["panels"] for it in panel["targets"]]
    asked = [
        {"record": f"panel:question:{number}", "expr": target["expr"]}
        for number, target in enumerate(targets)
    ]
    rules = tmp_path / "dashboard.yml"
    rules.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": asked}]}))

    said = run(find_program("promtool", "prometheus"), "check", "rules", str(rules))

    assert said.returncode == 0, said.stdout + said.stderr
    assert f"{len(targets)} rules found" in said.stdout + said.stderr


def test_panels_of_the_dashboard_do_not_cover_each_other():
    dashboard = json.loads((DEPLOY / "monitoring" / "dashboard.json").read_text())
    places = [panel["gridPos"] for panel in dashboard["panels"]]
    cells = [
        (x, y)
        for it in places
        for x in range(it["x"], it["x"] + it["w"])
        for y in range(it["y"], it["y"] + it["h"])
    ]

    assert len(set(cells)) == len(cells)
    assert max(x for x, _ in cells) < 24
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(places)
