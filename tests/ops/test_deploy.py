"""Claims about the containers and manifests that need no engine: valid, hardened, and true to the code."""

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from config import kubernetes
from config.grafana.boards import DASHBOARDS
from config.settings import Settings
from streams.cli import COMMANDS, main
from streams.kafka.rights import (
    CONSOLE,
    CUSTOMER_DESK,
    EXPORTER,
    GATE,
    LOOKBACK,
    PUBLISHER,
    SERVER,
    SUGGESTER,
    WORKER,
)
from streams.metrics import OPEN_PATHS

ROOT = Path(__file__).parents[2]
MANIFESTS = ROOT / "deploy" / "kubernetes"
USERS = ROOT / "deploy" / "kafka" / "users.yaml"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("interdict")}
SETTINGS = {f"INTERDICT_{name.upper()}" for name in Settings.model_fields}
ROLES = {
    "interdict-worker": WORKER,
    "interdict-lists-ofac": PUBLISHER,
    "interdict-lookback": LOOKBACK,
    "interdict-export": EXPORTER,
    "interdict-console": CONSOLE,
    "interdict-serve": SERVER,
    "interdict-answers": GATE,
    "interdict-suggestions": SUGGESTER,
    "interdict-customers": CUSTOMER_DESK,
}
"""Deployments, and as whom each connects."""
PINNED = re.compile(r"[\w./-]+:v?\d+\.\d+\.\d+[\w.-]*(@sha256:[0-9a-f]{64})?")

EVERY_SERVICE = pytest.mark.parametrize("name", SERVICES)


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("compose-spec", "docker-compose.yml"),
        ("github-workflows", ".github/workflows/tests.yml"),
        ("dependabot", ".github/dependabot.yml"),
    ],
)
def test_what_others_read_meets_their_schema(schema: str, path: str) -> None:
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]

    checked = subprocess.run([*check, str(ROOT / path)], capture_output=True, text=True)

    assert checked.returncode == 0, checked.stdout


@EVERY_SERVICE
def test_images_are_pinned(name: str) -> None:
    assert name in OURS or PINNED.fullmatch(SERVICES[name]["image"]), SERVICES[name]["image"]


@EVERY_SERVICE
def test_containers_have_no_privileges(name: str) -> None:
    assert SERVICES[name]["cap_drop"] == ["ALL"]
    assert SERVICES[name]["security_opt"] == ["no-new-privileges:true"]
    # Kafka's image writes its configuration at start
    assert SERVICES[name].get("read_only") or name == "kafka"


@EVERY_SERVICE
def test_what_is_mounted_is_there(name: str) -> None:
    for volume in SERVICES[name].get("volumes", ()):
        source = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", volume).partition(":")[0]
        if source.startswith("."):
            assert (ROOT / source).exists(), volume
            assert volume.endswith(":ro")
        else:
            assert source in COMPOSE["volumes"]


def test_ports_are_unique_and_on_this_machine_only() -> None:
    published = [port for service in SERVICES.values() for port in service.get("ports", ())]
    ports = [number for port in published for number in _range(port.split(":")[1])]

    assert all(port.startswith("127.0.0.1:") for port in published)
    assert len(ports) == len(set(ports))


@EVERY_SERVICE
def test_dependencies_wait_for_something_that_ends_or_is_checked(name: str) -> None:
    for other, how in SERVICES[name].get("depends_on", {}).items():
        if how["condition"] == "service_healthy":
            assert "test" in SERVICES[other]["healthcheck"]
        else:
            assert how["condition"] == "service_completed_successfully"
            assert SERVICES[other]["restart"] == "no"


@pytest.mark.parametrize("name", OURS)
def test_settings_are_ones_that_interdict_reads(name: str) -> None:
    assert OURS[name]["environment"].keys() <= SETTINGS


@pytest.mark.parametrize("name", [name for name in OURS if "entrypoint" not in OURS[name]])
def test_commands_are_ones_that_interdict_has(name: str) -> None:
    assert_known([re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", word) for word in OURS[name]["command"]])


def test_the_worker_stops_in_order_before_it_is_killed() -> None:
    assert int(SERVICES["worker"]["stop_grace_period"].removesuffix("s")) >= 15


@EVERY_SERVICE
def test_containers_have_limits_and_are_looked_at(name: str) -> None:
    limits = SERVICES[name]["deploy"]["resources"]["limits"]
    check = SERVICES[name].get("healthcheck", {})

    assert {"cpus", "memory"} <= limits.keys()
    if SERVICES[name]["restart"] == "no":
        assert check == {"disable": True}, "what ends by itself is not asked"
    elif name not in ("worker", "console", "customers"):  # whose check is the image's own
        assert check["test"]
    else:
        assert not check


def test_a_list_that_is_replaced_is_seen() -> None:
    """A file that is mounted itself stays the old one when another is renamed into its place."""
    (volume,) = SERVICES["lists"]["volumes"]
    source, folder = (_default(part) for part in re.split(r":(?=/)", volume.removesuffix(":ro")))
    watched = _default(SERVICES["lists"]["command"][3])

    assert (ROOT / source).is_dir()
    assert (ROOT / source / watched.removeprefix(f"{folder}/")).is_file()


def test_alerts_reach_the_alertmanager_that_runs() -> None:
    prometheus = yaml.safe_load((ROOT / "config/prometheus/prometheus.yml").read_text())
    ((manager,),) = (each["dns_sd_configs"] for each in prometheus["alerting"]["alertmanagers"])

    assert manager["names"] == ["alertmanager"]
    assert f":{manager['port']}" in SERVICES["alertmanager"]["ports"][0]


def test_the_alertmanager_routes_and_quiets_alerts_that_exist() -> None:
    config = yaml.safe_load((ROOT / "config/alertmanager/alertmanager.yml").read_text())
    rules = yaml.safe_load((ROOT / "config/prometheus/rules/alerts.yml").read_text())
    alerts = {rule["alert"] for group in rules["groups"] for rule in group["rules"]}
    matchers = [
        matcher
        for rule in config["inhibit_rules"]
        for matcher in (*rule["source_matchers"], *rule["target_matchers"])
    ]
    named = re.findall(r"Interdict\w+", " ".join(matchers))

    assert set(named) <= alerts
    receivers = {receiver["name"] for receiver in config["receivers"]}
    assert {config["route"]["receiver"]} <= receivers


def test_grafana_finds_what_is_provisioned() -> None:
    mounts = [volume.split(":")[1] for volume in SERVICES["grafana"]["volumes"]]
    provider = yaml.safe_load((ROOT / "config/grafana/provisioning/dashboards/interdict.yml").read_text())
    source = yaml.safe_load((ROOT / "config/grafana/provisioning/datasources/prometheus.yml").read_text())

    assert provider["providers"][0]["options"]["path"] in mounts
    named = re.match(r"http://(\w+):", source["datasources"][0]["url"])
    assert named and named[1] in SERVICES
    home = SERVICES["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert (ROOT / "config/grafana/dashboards" / Path(home).name).exists()


def test_prometheus_scrapes_what_runs_where_it_listens() -> None:
    config = yaml.safe_load((ROOT / "config/prometheus/prometheus.yml").read_text())
    ports = {
        name: job["dns_sd_configs"][0]["port"]
        for job in config["scrape_configs"]
        for name in job["dns_sd_configs"][0]["names"]
    }

    assert ports.keys() == {name for name, service in OURS.items() if service["restart"] != "no"}
    for name, port in ports.items():
        command = SERVICES[name]["command"]
        option = next((each for each in ("--metrics-port", "--port", "--web-port") if each in command), None)
        listens = command[command.index(option) + 1] if option else Settings.model_fields["web_port"].default
        assert str(listens) == str(port)
        if check := SERVICES[name].get("healthcheck"):
            assert f":{port}/" in " ".join(check["test"])


# The image.


def test_what_the_image_copies_is_there_and_not_ignored() -> None:
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"]
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    sources = [source for line in copied for source in line.split()]

    assert sorted(sources) == sorted(allowed)
    assert all((ROOT / source).exists() for source in sources)


def test_the_image_runs_as_nobody_in_particular() -> None:
    stages = (ROOT / "Dockerfile").read_text().split("\nFROM ")

    assert len(stages) == 3, "build, then run"
    assert "\nUSER 10001:10001\n" in stages[-1]
    assert "\nHEALTHCHECK " in stages[-1]
    assert "/ready" in stages[-1]
    for stage in stages[1:]:
        assert PINNED.match(stage)


def test_the_wheel_holds_every_file_the_packages_need(tmp_path: Path) -> None:
    """The image installs a wheel: what is missing there works in a checkout and fails in production."""
    wheel_of = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*wheel_of, "--wheel-dir", str(tmp_path), "."], cwd=ROOT, check=True, capture_output=True)

    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    listed = subprocess.run(
        ["git", "ls-files", "streams", "screening", "config"], cwd=ROOT, capture_output=True, text=True
    )
    assert set(listed.stdout.split("\n")) - {""} <= held


# Kubernetes.


def documents() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(MANIFESTS.glob("*.yaml")):
        if path.name == "kustomization.yaml":
            continue
        for document in yaml.safe_load_all(path.read_text()):
            yield path.name, document


def only(kind: str) -> dict[str, Any]:
    """The manifest of this kind that is the worker's, or the only one."""
    found = [document for _, document in documents() if document["kind"] == kind]
    named = [each for each in found if each["metadata"]["name"] in ("interdict", "interdict-worker")]
    return (named or found)[0]


def kustomization() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((MANIFESTS / "kustomization.yaml").read_text())
    return read


def pods() -> dict[str, dict[str, Any]]:
    """The pod of each Deployment, by its name."""
    return {
        document["metadata"]["name"]: document["spec"]["template"]["spec"]
        for _, document in documents()
        if document["kind"] == "Deployment"
    }


def test_kustomization_takes_in_every_manifest() -> None:
    files = {path.name for path in MANIFESTS.glob("*.yaml")}

    assert set(kustomization()["resources"]) == files - {"kustomization.yaml"}


@pytest.mark.parametrize(
    ("file", "document"),
    [
        pair
        for pair in documents()
        if "." not in pair[1]["apiVersion"] or "k8s.io/v1" in pair[1]["apiVersion"]
    ],
    ids=lambda value: value if isinstance(value, str) else f"{value['kind']}-{value['metadata']['name']}",
)
def test_manifests_meet_the_schema_of_kubernetes(file: str, document: dict[str, Any]) -> None:
    del file
    kubernetes_validate.validate(document, "1.31", strict=True)


def test_selectors_choose_the_worker() -> None:
    labels = only("Deployment")["spec"]["template"]["metadata"]["labels"].items()
    chosen = [
        only("Deployment")["spec"]["selector"]["matchLabels"],
        only("Service")["spec"]["selector"],
        only("PodDisruptionBudget")["spec"]["selector"]["matchLabels"],
        only("NetworkPolicy")["spec"]["podSelector"]["matchLabels"],
        only("PodMonitor")["spec"]["selector"]["matchLabels"],
    ]

    assert all(selector.items() <= labels for selector in chosen)


def test_probes_ask_for_pages_that_need_no_token() -> None:
    (worker,) = only("Deployment")["spec"]["template"]["spec"]["containers"]

    for pod in pods().values():
        (container,) = pod["containers"]
        probes = {probe: told["httpGet"]["path"] for probe, told in container.items() if "Probe" in probe}
        assert set(probes.values()) <= OPEN_PATHS
        assert probes["livenessProbe"] != "/ready", "a restart completes no list"
        assert ("readinessProbe" in probes) == (container["ports"][0]["name"] == "web")
    assert {worker[probe]["httpGet"]["path"] for probe in ("startupProbe", "livenessProbe")} == {"/live"}
    assert worker["readinessProbe"]["httpGet"]["path"] == "/ready"
    assert {"/live", "/ready"} <= OPEN_PATHS


def test_pods_are_restricted() -> None:
    for pod in pods().values():
        security = pod["containers"][0]["securityContext"]
        assert pod["securityContext"]["runAsUser"] == 10001
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert security["readOnlyRootFilesystem"] is True
        assert security["allowPrivilegeEscalation"] is False
        assert security["capabilities"] == {"drop": ["ALL"]}
        assert pod["automountServiceAccountToken"] is False


def test_manifests_set_what_interdict_reads() -> None:
    names = {item.partition("=")[0] for item in kustomization()["configMapGenerator"][0]["literals"]}
    for pod in pods().values():
        names |= {variable["name"] for variable in pod["containers"][0]["env"]}

    assert {name.removesuffix("_FILE") for name in names} <= {*SETTINGS, "XDG_CACHE_HOME"}


@pytest.mark.parametrize("name", ROLES)
def test_manifests_run_commands_that_interdict_has(name: str) -> None:
    assert_known(pods()[name]["containers"][0]["args"])


@pytest.mark.parametrize("name", ROLES)
def test_each_role_connects_as_the_user_that_is_declared_for_it(name: str) -> None:
    pod, user = pods()[name], f"interdict-{ROLES[name].name}"
    variables = {each["name"]: each["value"] for each in pod["containers"][0]["env"]}
    (volume,) = [each for each in pod["volumes"] if each["name"] == "secrets"]
    users = [item["metadata"]["name"] for item in yaml.safe_load_all(USERS.read_text()) if item]

    assert pods().keys() == ROLES.keys()
    assert variables["INTERDICT_SASL_USERNAME"] == user
    assert volume["projected"]["sources"][0]["secret"]["name"] == user, "where Strimzi puts its password"
    assert user in users


@pytest.mark.parametrize("name", ROLES)
def test_secrets_are_mounted_where_the_settings_look(name: str) -> None:
    pod = pods()[name]
    (container,), (volume,) = pod["containers"], [v for v in pod["volumes"] if v["name"] == "secrets"]
    folder = next(mount["mountPath"] for mount in container["volumeMounts"] if mount["name"] == "secrets")
    mounted = {
        f"{folder}/{item['path']}"
        for source in volume["projected"]["sources"]
        for item in source["secret"]["items"]
    }
    shared = dict(item.split("=", 1) for item in kustomization()["configMapGenerator"][0]["literals"])
    own = {variable["name"]: variable["value"] for variable in container["env"]}
    files = {value for key, value in (shared | own).items() if key.endswith("_FILE")}

    assert mounted == files | {word for word in container["args"] if word.startswith(folder)}


@pytest.mark.parametrize("name", ROLES)
def test_every_process_is_probed_and_scraped(name: str) -> None:
    deployment = next(
        document
        for _, document in documents()
        if document["metadata"]["name"] == name and "spec" in document and document["kind"] == "Deployment"
    )
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    labels = deployment["spec"]["template"]["metadata"]["labels"].items()
    (port,) = container["ports"]
    scraped = [
        endpoint["port"]
        for _, document in documents()
        if document["kind"] == "PodMonitor" and document["spec"]["selector"]["matchLabels"].items() <= labels
        for endpoint in document["spec"]["podMetricsEndpoints"]
    ]

    assert container["livenessProbe"]["httpGet"]["port"] == port["name"]
    assert scraped == [port["name"]]
    for option in {"--metrics-port", "--port", "--web-port"}.intersection(container["args"]):
        at = container["args"].index(option) + 1
        assert container["args"][at] == str(port["containerPort"])


def test_pods_are_scraped_under_the_names_that_the_rules_ask_for() -> None:
    prometheus = yaml.safe_load((ROOT / "config/prometheus/prometheus.yml").read_text())
    jobs = {
        relabeling["replacement"]
        for _, document in documents()
        if document["kind"] == "PodMonitor"
        for endpoint in document["spec"]["podMetricsEndpoints"]
        for relabeling in endpoint["relabelings"]
    }

    assert jobs == {job["job_name"] for job in prometheus["scrape_configs"]}


@pytest.mark.parametrize("name", kubernetes.FILES)
def test_rules_and_dashboards_are_those_of_the_sources(name: str) -> None:
    written = (MANIFESTS / name).read_text()

    assert written == kubernetes.FILES[name](), "python -m config.kubernetes writes them"


def test_what_is_shipped_reads_as_its_source() -> None:
    rules = [document["spec"] for file, document in documents() if file == "rules.yaml"]
    boards = [document["data"] for file, document in documents() if file == "dashboards.yaml"]
    sources = sorted((ROOT / "config/prometheus/rules").glob("*.yml"))
    built = {path.name: path.read_text() for path in (ROOT / "config/grafana/dashboards").glob("*.json")}

    assert rules == [yaml.safe_load(path.read_text()) for path in sources]
    assert {name: text for board in boards for name, text in board.items()} == built


def test_kustomize_renders_all_of_it() -> None:
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("no kubectl here, whose kustomize renders the manifests")
    rendered = subprocess.run([kubectl, "kustomize", str(MANIFESTS)], capture_output=True, text=True)

    assert rendered.returncode == 0, rendered.stderr
    kinds = [document["kind"] for document in yaml.safe_load_all(rendered.stdout)]
    assert kinds.count("Deployment") == len(ROLES)
    assert kinds.count("ConfigMap") == len(DASHBOARDS) + 1


def test_scaling_stays_between_two_workers_and_the_partitions() -> None:
    scaled = only("ScaledObject")["spec"]

    assert scaled["minReplicaCount"] >= 2
    assert scaled["maxReplicaCount"] <= 12, "as many as `interdict topics create` makes partitions"
    down = scaled["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]["scaleDown"]
    assert down["stabilizationWindowSeconds"] >= 300, "every change of their number is a rebalance"
    assert "cooldownPeriod" not in scaled, "it is for the way to zero, which minReplicaCount rules out"
    assert scaled["triggers"][0]["metadata"]["consumerGroup"] == Settings.model_fields["group"].default


def assert_known(words: list[str]) -> None:
    """The command line parses, as far as it can without the files it names."""
    assert words[0] in COMMANDS
    context = main.make_context("interdict", list(words))
    command = main.get_command(context, words[0])
    assert command is not None
    rest = words[1:]
    while hasattr(command, "get_command") and rest:
        command = command.get_command(context, rest.pop(0))
        assert command is not None, words
    options = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in rest if word.startswith("--")} <= options


def _default(text: str) -> str:
    """`${NAME:-value}` as Compose reads it where NAME is not set."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text)


def _range(ports: str) -> range:
    first, _, last = ports.partition("-")
    return range(int(first), int(last or first) + 1)
