"""Claims about the Helm chart: made from the manifests, and rendered to what they say."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from config import helm
from config.settings import Settings

ROOT = Path(__file__).parents[2]
OWN = ROOT / ".cache" / "helm" / "helm"
ALL_ON = (
    "serve.enabled=true,answers.enabled=true,suggestions.enabled=true,customers.enabled=true,topics.create=true,topics.prefix=t.,"
    "kafka.caSecret=kafka-ca,autoscaling.enabled=false,settings.four_eyes=true,policy=threshold = 0.8"
)
SETTINGS = {f"INTERDICT_{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize("path", helm.files(), ids=lambda path: str(path.relative_to(helm.CHART)))
def test_the_chart_is_made_from_the_manifests(path: Path) -> None:
    assert path.read_text() == helm.files()[path](), "python -m config.kubernetes writes it"


def rendered(*values: str) -> list[dict[str, Any]]:
    program = shutil.which("helm") or (str(OWN) if OWN.exists() else None)
    if program is None:
        pytest.skip("no Helm here; `make chart` builds it")
    options = [word for value in values for word in ("--set", value)]
    made = subprocess.run(
        [program, "template", "interdict", str(helm.CHART), *options], capture_output=True, text=True
    )
    assert made.returncode == 0, made.stderr
    return [document for document in yaml.safe_load_all(made.stdout) if document]


def manifests() -> Iterator[dict[str, Any]]:
    for path in helm.MANIFESTS.glob("*.yaml"):
        yield from yaml.safe_load_all(path.read_text())


def pods(documents: Iterator[dict[str, Any]] | list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """By the name of their container, without what the chart asks of its values on purpose."""
    found = {}
    for document in documents:
        if document["kind"] == "Deployment":
            pod = document["spec"]["template"]["spec"]
            (container,) = pod["containers"]
            container.pop("image")
            if container["name"] == "export":
                container["args"] = sorted(container["args"])  # its name comes last
            found[container["name"]] = pod
    return found


def test_with_its_own_values_it_says_what_the_manifests_say() -> None:
    made = rendered(
        "serve.enabled=true", "answers.enabled=true", "suggestions.enabled=true", "customers.enabled=true"
    )

    assert pods(made) == pods(manifests())
    for kind in ("ScaledObject", "PodMonitor", "NetworkPolicy", "PrometheusRule", "PodDisruptionBudget"):
        wanted = {each["metadata"]["name"]: each["spec"] for each in manifests() if each["kind"] == kind}
        assert {each["metadata"]["name"]: each["spec"] for each in made if each["kind"] == kind} == wanted


@pytest.mark.parametrize("values", [(), (ALL_ON,)], ids=["as it is", "with all of it"])
def test_what_it_renders_meets_the_schema_of_kubernetes(values: tuple[str, ...]) -> None:
    made = rendered(*values)
    for document in made:
        if "." not in document["apiVersion"] or "k8s.io/v1" in document["apiVersion"]:
            kubernetes_validate.validate(document, "1.31", strict=True)
        if document["kind"] == "ConfigMap" and document["metadata"]["name"] in (
            "interdict",
            "interdict-topics",
        ):
            assert {name.removesuffix("_FILE") for name in document["data"]} <= SETTINGS | {
                "INTERDICT_POLICY"
            }


def test_policy_and_certificate_stand_where_the_settings_look() -> None:
    made = rendered(ALL_ON)
    maps = {each["metadata"]["name"]: each["data"] for each in made if each["kind"] == "ConfigMap"}
    settings = maps["interdict"]
    for name, pod in pods(made).items():
        (secrets,) = [volume for volume in pod["volumes"] if volume["name"] == "secrets"]
        sources = [next(iter(source.values())) for source in secrets["projected"]["sources"]]
        mounted = {f"/run/secrets/interdict/{item['path']}" for each in sources for item in each["items"]}
        assert {settings["INTERDICT_SSL_CAFILE"], settings["INTERDICT_POLICY_FILE"]} <= mounted, name
    assert settings["INTERDICT_FOUR_EYES"] == "true"
    assert "ScaledObject" not in {each["kind"] for each in made}
    (worker,) = [
        each for each in made if each["kind"] == "Deployment" and "worker" in each["metadata"]["name"]
    ]
    assert worker["spec"]["replicas"] == 2
