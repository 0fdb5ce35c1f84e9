"""One configuration of broker and security for all our Kafka clients: Faust, aiokafka and librdkafka."""

import ssl
from typing import Any

import faust
from faust.types.auth import CredentialsT

from config.settings import SecurityProtocol, Settings

_TLS = (SecurityProtocol.SSL, SecurityProtocol.SASL_SSL)
_SASL = (SecurityProtocol.SASL_PLAINTEXT, SecurityProtocol.SASL_SSL)


def aiokafka_options(settings: Settings) -> dict[str, Any]:
    """Keyword arguments of aiokafka's consumers and producers."""
    options: dict[str, Any] = {
        "bootstrap_servers": settings.broker,
        "security_protocol": str(settings.security_protocol),
    }
    if settings.security_protocol in _TLS:
        options["ssl_context"] = _ssl_context(settings)
    if settings.security_protocol in _SASL:
        options |= {
            "sasl_mechanism": settings.sasl_mechanism,
            "sasl_plain_username": settings.sasl_username,
            "sasl_plain_password": _password(settings),
        }
    return options


def faust_credentials(settings: Settings) -> CredentialsT | None:
    """The same for Faust's own consumer and producer."""
    tls = _ssl_context(settings) if settings.security_protocol in _TLS else None
    if settings.security_protocol in _SASL:
        return faust.SASLCredentials(
            username=settings.sasl_username,
            password=_password(settings),
            mechanism=settings.sasl_mechanism,
            ssl_context=tls,
        )
    return faust.SSLCredentials(tls) if tls else None


def librdkafka_options(settings: Settings) -> dict[str, Any]:
    """The same for confluent-kafka's admin client."""
    options: dict[str, Any] = {
        "bootstrap.servers": settings.broker,
        "security.protocol": str(settings.security_protocol),
    }
    if settings.security_protocol in _TLS:
        files = {
            "ssl.ca.location": settings.ssl_cafile,
            "ssl.certificate.location": settings.ssl_certfile,
            "ssl.key.location": settings.ssl_keyfile,
        }
        options |= {name: str(path) for name, path in files.items() if path}
    if settings.security_protocol in _SASL:
        options |= {
            "sasl.mechanism": settings.sasl_mechanism,
            "sasl.username": settings.sasl_username,
            "sasl.password": _password(settings),
        }
    return options


def _ssl_context(settings: Settings) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=settings.ssl_cafile)
    if settings.ssl_certfile:
        context.load_cert_chain(settings.ssl_certfile, settings.ssl_keyfile)
    return context


def _password(settings: Settings) -> str | None:
    return settings.sasl_password.get_secret_value() if settings.sasl_password else None
