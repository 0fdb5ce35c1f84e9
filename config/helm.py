"""The Helm chart in `deploy/helm/interdict`, made from the manifests of `deploy/kubernetes`.

`python -m config.kubernetes` writes its templates and values: each manifest, with what differs from cluster
to cluster asked of the values. A replacement that no longer finds its place is an error: the chart never lags
behind.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

MANIFESTS = Path(__file__).parents[1] / "deploy" / "kubernetes"
CHART = Path(__file__).parents[1] / "deploy" / "helm" / "interdict"
WRITTEN = "# Written by `python -m config.kubernetes` from deploy/kubernetes/{}; change that instead.\n"
PROCESSES = {
    "worker": "worker",
    "lookback": "lookback",
    "console": "console",
    "serve": "serve",
    "answers": "answers",
    "suggestions": "suggest",
    "customers": "customers",
    "lists": "publisher",
    "exports": "export",
}
"""Manifest of a process, and the user as whom it connects."""
REPEATED = {"lists": "list", "exports": "export"}
"""Manifests that are written once for each of several."""
WANTED = ("lookback", "console")
"""Beside the workers, unless the values say otherwise."""
CHECKSUM = '{{ include (print $.Template.BasePath "/config.yaml") $ | sha256sum }}'
"""So that pods are replaced when their settings change."""
HEAD = """\
# It expects a Secret for each role, with the password of its user at the broker, and one named `interdict`
# with the keys web-token, audit-key, webhook-secret and web-writers: see docs/deploying.md.
image:
  repository: registry.example.com/interdict
  tag: 0.1.0
  digest: "" # sha256:…, which then counts in place of the tag

kafka:
  brokers: kafka-bootstrap.kafka:9093
  securityProtocol: SASL_SSL
  saslMechanism: SCRAM-SHA-512
  caSecret: "" # a Secret with ca.crt, for a CA of your own (Strimzi: CLUSTER-cluster-ca-cert)
  userPrefix: interdict- # users are interdict-worker, interdict-publisher, …, and so are their Secrets named

topics:
  prefix: ""
  group: interdict
  create: false # by a job, as the user interdict-operator
  partitions: 12

secret: interdict
policy: "" # the text of a policy file; the shipped one where it is empty
settings: {} # every other setting, without INTERDICT_: four_eyes: "true"

# one watch each; `from` is the address of a mirror of yours, or the authority's
lists:
  - name: ofac
    source: ofac
    from: https://lists.example.com/sdn.zip
{lists}
# one export each: what stands behind `interdict export`
exports:
  - name: cases
    args: [webhook, "https://cases.example.com/all", --secret-file, /run/secrets/interdict/webhook-secret]
{exports}

autoscaling: {enabled: true} # KEDA, on lag; without it `min` workers
networkPolicy: {enabled: true, kafkaNamespace: kafka, kafkaPort: 9093, monitoringNamespace: monitoring}
monitoring: {enabled: true} # PodMonitors and PrometheusRules of the Prometheus operator
dashboards: {enabled: true} # ConfigMaps that Grafana's sidecar gathers
"""


def files() -> dict[Path, Callable[[], str]]:
    """Every file that is written, and what makes its text."""
    made: dict[Path, Callable[[], str]] = {
        CHART / "templates" / f"{name}.yaml": partial(process, name) for name in PROCESSES
    }
    for name in ("scaling", "network", "monitoring"):
        made[CHART / "templates" / f"{name}.yaml"] = partial(beside, name)
    for name in ("rules", "dashboards"):
        made[CHART / "files" / f"{name}.yaml"] = (MANIFESTS / f"{name}.yaml").read_text
        made[CHART / "templates" / f"{name}.yaml"] = partial(as_it_stands, name)
    return made | {CHART / "values.yaml": values}


def process(name: str) -> str:
    """A template of the manifest of a process."""
    text = _generalized(name, (MANIFESTS / f"{name}.yaml").read_text())
    if name in REPEATED:
        text = f"{{{{- range ${REPEATED[name]} := $.Values.{name} }}}}\n---\n{text}{{{{- end }}}}\n"
    elif name != "worker":
        text = f"{{{{- if $.Values.{name}.enabled }}}}\n{text}{{{{- end }}}}\n"
    return WRITTEN.format(f"{name}.yaml") + text


def _generalized(name: str, text: str) -> str:
    for old, new in _common(name):
        text = _replaced(text, old, new)
    for old, new in _own(name):
        text = _replaced(text, re.escape(old), new)
    return text


def _common(name: str) -> Iterator[tuple[str, str]]:
    own = f"${REPEATED[name]}" if name in REPEATED else f"$.Values.{name}"
    yield r"image: interdict\n", 'image: {{ include "interdict.image" $ }}\n'
    yield r"value: interdict-(?=\w+\}\n)", "value: {{ $.Values.kafka.userPrefix }}"
    yield (
        r"secret: \{name: interdict-(\w+), items: \[\{key: password",
        r"secret: {name: {{ $.Values.kafka.userPrefix }}\1, items: [{key: password",
    )
    yield (
        r"            sources:\n",
        '            sources:\n              {{- include "interdict.files" $ | nindent 14 }}\n',
    )
    yield (
        r"          resources:(.*)\n            requests: .*\n            limits: .*\n",
        rf"          resources:\1\n{'':12}{{{{- toYaml ({own}.resources | default dict) | nindent 12 }}}}\n",
    )
    yield (
        r"    metadata:\n      labels: (.*)\n",
        rf"    metadata:\n      labels: \1\n      annotations: {{checksum/config: {CHECKSUM}}}\n",
    )
    if name not in ("lists", "answers", "suggestions"):  # which have no secret beside their password
        yield r"secret: \{name: interdict, ", "secret: {name: {{ $.Values.secret }}, "


def _own(name: str) -> Iterator[tuple[str, str]]:
    if name == "worker":
        yield (
            "  # replicas is left to the autoscaler in scaling.yaml\n",
            "{{- if not $.Values.autoscaling.enabled }}\n  replicas: {{ $.Values.worker.min }}\n{{- end }}\n",
        )
    elif name == "lists":
        yield "name: interdict-lists-ofac", "name: interdict-lists-{{ $list.name }}"
        yield "interdict/list: ofac}", "interdict/list: {{ $list.name }}}"
        yield (
            'args: [lists, watch, ofac, "https://lists.example.com/sdn.zip", --',
            "args: [lists, watch, {{ $list.source }}, {{ $list.from | quote }}, --",
        )
    elif name == "exports":
        yield "name: interdict-export\n", "name: interdict-export-{{ $export.name }}\n"
        yield "name: interdict-export}\n", "name: interdict-export, interdict/export: {{ $export.name }}}\n"
        yield (
            'args: [export, webhook, "https://cases.example.com/all", --name, cases, --secret-file, '
            "/run/secrets/interdict/webhook-secret, --",
            "args: [export, {{ range $export.args }}{{ . | quote }}, {{ end }}--name, {{ $export.name }}, --",
        )
    else:
        replicas = _found(r"  replicas: (.+)", name)
        yield f"  replicas: {replicas}\n", f"  replicas: {{{{ $.Values.{name}.replicas }}}}\n"


def beside(name: str) -> str:
    """A template of what stands beside the processes."""
    text = (MANIFESTS / f"{name}.yaml").read_text()
    switch = {"scaling": "autoscaling", "network": "networkPolicy", "monitoring": "monitoring"}[name]
    for old, new in _BESIDE[name]:
        text = _replaced(text, re.escape(old), new)
    return f"{WRITTEN.format(name + '.yaml')}{{{{- if $.Values.{switch}.enabled }}}}\n{text}{{{{- end }}}}\n"


_SASL = '(dict "SCRAM-SHA-512" "scram_sha512" "SCRAM-SHA-256" "scram_sha256" "PLAIN" "plaintext")'
"""KEDA's words for Kafka's."""
_BESIDE = {
    "scaling": (
        ("minReplicaCount: 2 ", "minReplicaCount: {{ $.Values.worker.min }} "),
        ("maxReplicaCount: 12 ", "maxReplicaCount: {{ $.Values.worker.max }} "),
        (
            "bootstrapServers: kafka-bootstrap.kafka:9093",
            "bootstrapServers: {{ $.Values.kafka.brokers | quote }}",
        ),
        ("consumerGroup: interdict\n", "consumerGroup: {{ $.Values.topics.group }}\n"),
        ("sasl: scram_sha512\n", "sasl: {{ get " + _SASL + " $.Values.kafka.saslMechanism }}\n"),
        (
            "tls: enable\n",
            'tls: {{ ternary "enable" "disable" (hasSuffix "SSL" $.Values.kafka.securityProtocol) }}\n',
        ),
        ("topic: payments\n", "topic: {{ $.Values.topics.prefix }}payments\n"),
        (
            "parameter: password, name: interdict-worker",
            "parameter: password, name: {{ $.Values.kafka.userPrefix }}worker",
        ),
    ),
    "network": (
        ("metadata.name: kafka}", "metadata.name: {{ $.Values.networkPolicy.kafkaNamespace }}}"),
        ("metadata.name: monitoring}", "metadata.name: {{ $.Values.networkPolicy.monitoringNamespace }}}"),
        ("{port: 9093, ", "{port: {{ $.Values.networkPolicy.kafkaPort }}, "),
    ),
    "monitoring": (),
}


def as_it_stands(name: str) -> str:
    """Rules and dashboards are full of braces that are not Helm's."""
    switch = "monitoring" if name == "rules" else name
    return (
        f"{WRITTEN.format(name + '.yaml')}{{{{- if $.Values.{switch}.enabled }}}}\n"
        f'{{{{ $.Files.Get "files/{name}.yaml" }}}}\n{{{{- end }}}}\n'
    )


def _replaced(text: str, old: str, new: str) -> str:
    """Raises ValueError where there is nothing to replace: the manifest is written otherwise than it was."""
    changed, places = re.subn(old, new, text)
    if not places:
        raise ValueError(f"no {old!r} in the manifest")
    return changed


def values() -> str:
    """The chart's values: those that make it what the manifests are."""
    text = HEAD
    for name in REPEATED:
        text = text.replace(f"{{{name}}}", _resources(name, 2))
    for name in (name for name in PROCESSES if name not in REPEATED):
        text += f"\n{name}:\n{_counted(name)}{_resources(name, 1)}\n"
    return text


def _counted(name: str) -> str:
    if name == "worker":
        return "  min: 2\n  max: 12\n"
    return f"  enabled: {str(name in WANTED).lower()}\n  replicas: {_found(r'  replicas: (.+)', name)}\n"


def _resources(name: str, depth: int) -> str:
    """As the manifest has them, so many steps further in."""
    indent = "  " * depth
    requests, limits = (_found(rf"            {each}: (.+)", name) for each in ("requests", "limits"))
    return f"{indent}resources:\n{indent}  requests: {requests}\n{indent}  limits: {limits}"


def _found(pattern: str, name: str) -> str:
    """Raises ValueError where the manifest is written otherwise than it was."""
    found = re.search(pattern, (MANIFESTS / f"{name}.yaml").read_text())
    if found is None:
        raise ValueError(f"no {pattern!r} in {name}.yaml")
    return found[1]
