"""A Kafka as a bank runs it: TLS with client certificates, SCRAM and OAUTHBEARER, deny by default."""

import base64
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from types import TracebackType
from typing import Any, Self

import orjson
import trustme
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from tests.kafka.broker import PROPERTIES, KafkaCluster, free_ports

PASSWORD = "scram-secret-of-the-tests"
LISTENERS = """
listeners=PLAINTEXT://$$host:$$port,CONTROLLER://$$host:$$controller_port,\
SCRAM://127.0.0.1:$scram,OAUTH://127.0.0.1:$oauth,TLS://127.0.0.1:$tls
advertised.listeners=PLAINTEXT://$$host:$$port,\
SCRAM://127.0.0.1:$scram,OAUTH://127.0.0.1:$oauth,TLS://127.0.0.1:$tls
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SCRAM:SASL_SSL,OAUTH:SASL_SSL,TLS:SSL

ssl.keystore.type=PEM
ssl.keystore.location=$folder/broker.pem
ssl.truststore.type=PEM
ssl.truststore.location=$folder/ca.pem
listener.name.tls.ssl.client.auth=required
ssl.principal.mapping.rules=RULE:^.*CN=([a-z]+).*$$$$/$$$$1/

listener.name.scram.sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.scram.scram-sha-512.sasl.jaas.config=\
org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.oauth.sasl.enabled.mechanisms=OAUTHBEARER
listener.name.oauth.oauthbearer.sasl.jaas.config=\
org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required \
unsecuredLoginStringClaim_sub="broker";

authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
allow.everyone.if.no.acl.found=false
super.users=User:ANONYMOUS
"""
"""The plaintext listener is the tests' own back door, for the broker itself and for setting up rights."""


@dataclass(slots=True)
class SecureKafka:
    """One broker; `settings_for` gives what a user sets to reach one of its listeners."""

    folder: Path
    _ports: dict[str, int] = field(default_factory=dict)
    _authority: trustme.CA = field(default_factory=trustme.CA)
    _cluster: KafkaCluster | None = None

    def __enter__(self) -> Self:
        self._ports = dict(zip(("scram", "oauth", "tls"), free_ports(3), strict=True))
        self._authority.cert_pem.write_to_path(self.folder / "ca.pem")
        broker = self._authority.issue_cert("127.0.0.1", "localhost")
        (self.folder / "broker.pem").write_bytes(_pkcs8(broker) + broker.cert_chain_pems[0].bytes())
        ours = Template(LISTENERS).substitute(self._ports, folder=self.folder)
        user = f"SCRAM-SHA-512=[name=worker,password={PASSWORD}]"
        self._cluster = KafkaCluster(
            properties=Template(PROPERTIES.template + ours), format_options=("--add-scram", user)
        )
        self._cluster.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._cluster:
            self._cluster.__exit__(kind, error, trace)

    @property
    def back_door(self) -> str:
        return self._cluster.bootstrap if self._cluster else ""

    def settings_for(self, listener: str, user: str = "worker", **changes: Any) -> dict[str, Any]:
        """`listener` is scram, oauth or tls."""
        settings: dict[str, Any] = {
            "broker": f"localhost:{self._ports[listener]}",
            "ssl_cafile": self.folder / "ca.pem",
            "security_protocol": "SSL" if listener == "tls" else "SASL_SSL",
        }
        if listener == "scram":
            settings |= {"sasl_username": user, "sasl_password": PASSWORD}
        elif listener == "oauth":
            token = self.folder / f"{user}.jwt"
            token.write_text(unsigned_token(user))
            settings |= {"sasl_mechanism": "OAUTHBEARER", "sasl_oauth_token_file": token}
        else:
            issued = self._authority.issue_cert(
                f"{user}.bank.test", common_name=user
            )  # Java takes no certificate without a name
            issued.private_key_pem.write_to_path(self.folder / f"{user}.key")
            issued.cert_chain_pems[0].write_to_path(self.folder / f"{user}.crt")
            settings |= {
                "ssl_keyfile": self.folder / f"{user}.key",
                "ssl_certfile": self.folder / f"{user}.crt",
            }
        return settings | changes

    def allow(
        self, user: str, kind: ResourceType, operation: AclOperation, *names: str, prefixed: bool = False
    ) -> None:
        """Rights of one user on these topics or groups alone, or on all whose names begin so."""
        admin = AdminClient({"bootstrap.servers": self.back_door})
        rights = [
            AclBinding(
                kind,
                name,
                ResourcePatternType.PREFIXED if prefixed else ResourcePatternType.LITERAL,
                f"User:{user}",
                "*",
                operation,
                AclPermissionType.ALLOW,
            )
            for name in names
        ]
        for future in admin.create_acls(rights).values():
            future.result()


def _pkcs8(issued: trustme.LeafCert) -> bytes:
    """The private key in the only PEM form that Java reads."""
    key = load_pem_private_key(issued.private_key_pem.bytes(), password=None)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def unsigned_token(user: str) -> str:
    """A JWT that Kafka's built-in development validator takes: `alg: none` (RFC 7519, 6)."""
    claims = {"sub": user, "iat": 1_600_000_000, "exp": 4_000_000_000}
    parts = [
        base64.urlsafe_b64encode(orjson.dumps(part)).rstrip(b"=").decode()
        for part in ({"alg": "none"}, claims)
    ]
    return f"{parts[0]}.{parts[1]}."
