"""One configuration of broker and security for aiokafka and librdkafka; `faust_internals` has Faust's."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from confluent_kafka import Producer

from config.hosts import all_loopback, is_loopback
from config.settings import SaslMechanism, SecurityProtocol, Settings
from streams.errors import CannotProceedError
from streams.kafka.oauth import TokenProvider, TokenSource
from streams.kafka.options import ClientOptions

MOST_SENT_BYTES = 128 << 20
"""More than any record that is read, of which none has more than 64 MiB, and what is added to it."""
TLS = (SecurityProtocol.SSL, SecurityProtocol.SASL_SSL)
File = Path | str | None
SASL = (SecurityProtocol.SASL_PLAINTEXT, SecurityProtocol.SASL_SSL)


def aiokafka_options(settings: Settings) -> ClientOptions:
    """Keyword arguments of aiokafka's consumers and producers."""
    options: dict[str, Any] = {
        "bootstrap_servers": settings.broker,
        "security_protocol": str(settings.security_protocol),
    }
    if settings.security_protocol in TLS:
        options["ssl_context"] = ssl_context(settings)
    if settings.security_protocol in SASL:
        options["sasl_mechanism"] = str(settings.sasl_mechanism)
        if settings.sasl_mechanism is SaslMechanism.OAUTHBEARER:
            options["sasl_oauth_token_provider"] = TokenProvider(TokenSource(settings))
        else:
            options["sasl_plain_username"] = settings.sasl_username
            options["sasl_plain_password"] = password(settings)
    return options


def ordered_producer(client: ClientOptions) -> Producer:
    """A librdkafka producer that puts a payment's records into the same partition as aiokafka does, in their
    order."""
    return Producer(ordered_producer_options(client))


def ordered_producer_options(client: ClientOptions) -> dict[str, Any]:
    """The options that keep records in order: without idempotence librdkafka reorders what it sends again,
    and an update could overtake its alert. Whether a record is too large its topic says, by its compressed
    size: librdkafka takes none over a million bytes by itself."""
    own = {
        "enable.idempotence": True,
        "linger.ms": 5,
        "partitioner": "murmur2_random",
        "compression.type": "zstd",
        "message.max.bytes": MOST_SENT_BYTES,
        "log_level": 2,
    }
    return {**client, **own}


def librdkafka_options(settings: Settings) -> ClientOptions:
    """The same for confluent-kafka's admin client."""
    options: dict[str, Any] = {
        "bootstrap.servers": settings.broker,
        "security.protocol": str(settings.security_protocol),
    }
    if settings.security_protocol in TLS:
        files = {
            "ssl.ca.location": settings.ssl_cafile,
            "ssl.certificate.location": settings.ssl_certfile,
            "ssl.key.location": settings.ssl_keyfile,
        }
        options |= {name: str(path) for name, path in files.items() if path}
    if settings.security_protocol in SASL:
        options["sasl.mechanism"] = str(settings.sasl_mechanism)
        if settings.sasl_mechanism is SaslMechanism.OAUTHBEARER:
            options["oauth_cb"] = TokenSource(settings).for_librdkafka
        else:
            options |= {"sasl.username": settings.sasl_username, "sasl.password": password(settings)}
    return options


def asyncio_options(client: ClientOptions) -> ClientOptions:
    """What `librdkafka_options` says, for aiokafka: a reader of one topic has a client of either kind. Raises
    CannotProceedError for a file that cannot be used."""
    options: dict[str, Any] = {
        "bootstrap_servers": client["bootstrap.servers"],
        "security_protocol": client.get("security.protocol", SecurityProtocol.PLAINTEXT),
    }
    if options["security_protocol"] in TLS:
        files = (client.get(f"ssl.{kind}.location") for kind in ("ca", "certificate", "key"))
        options["ssl_context"] = _ssl_context(*files)
    if options["security_protocol"] in SASL:
        options["sasl_mechanism"] = client["sasl.mechanism"]
        if "oauth_cb" in client:
            options["sasl_oauth_token_provider"] = TokenProvider(client["oauth_cb"].__self__)
        else:
            options["sasl_plain_username"] = client["sasl.username"]
            options["sasl_plain_password"] = client["sasl.password"]
    return options


class SecurityWarning(NamedTuple):
    """Something that these settings let others on the network read, and the remedy."""

    subject: str
    text: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.text}; {self.remedy}"


def security_warnings(settings: Settings) -> Iterator[SecurityWarning]:
    """What these settings let others on the network read, each with its remedy; empty on a single machine."""
    if settings.security_protocol not in TLS and not all_loopback(settings.broker):
        what = "payments and decisions"
        if settings.security_protocol in SASL and settings.sasl_mechanism is SaslMechanism.PLAIN:
            what = f"the password, {what}"
        elif settings.security_protocol in SASL and settings.sasl_mechanism is SaslMechanism.OAUTHBEARER:
            what = f"the token, {what}"
        yield SecurityWarning(
            "security",
            f"{settings.security_protocol}: {what} cross the network in clear text",
            "set INTERDICT_SECURITY_PROTOCOL=SASL_SSL or SSL",
        )
    if not is_loopback(settings.web_host) and not settings.web_token:
        yield SecurityWarning(
            "console",
            f"the console on {settings.web_host} asks nobody who they are and shows alerts",
            "set INTERDICT_WEB_TOKEN_FILE",
        )


def ssl_context(settings: Settings) -> ssl.SSLContext:
    """The CA and the client certificate that the settings name. Raises CannotProceedError, which names the
    unusable file; the system's own errors do not."""
    return _ssl_context(settings.ssl_cafile, settings.ssl_certfile, settings.ssl_keyfile)


def _ssl_context(ca: File, certificate: File, key: File) -> ssl.SSLContext:
    with _named("ssl_cafile", ca):
        context = ssl.create_default_context(cafile=ca)
    if certificate:
        with _named("ssl_certfile, ssl_keyfile", certificate, key):
            context.load_cert_chain(certificate, key)
    return context


@contextmanager
def _named(setting: str, *files: File) -> Iterator[None]:
    try:
        yield
    except OSError as error:  # SSLError is one
        names = ", ".join(str(file) for file in files if file)
        why = f"{error.strerror or error}; a PEM file is expected"
        raise CannotProceedError(f"{setting}: {names}: {why}") from None


def password(settings: Settings) -> str | None:
    """The SASL password in clear text, for a client."""
    return settings.sasl_password.get_secret_value() if settings.sasl_password else None
