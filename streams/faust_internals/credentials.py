"""The connection's security as Faust takes it, in a module of its own: Faust takes 0.2 s to import, and only
workers need it."""

import faust
from faust.auth import OAuthCredentials
from faust.types.auth import CredentialsT

from config.settings import SaslMechanism, Settings
from streams.kafka.connection import SASL, TLS, password, ssl_context
from streams.kafka.oauth import TokenProvider, TokenSource


def faust_credentials(settings: Settings) -> CredentialsT | None:
    """Credentials of Faust's own consumer and producer."""
    tls = ssl_context(settings) if settings.security_protocol in TLS else None
    if settings.security_protocol not in SASL:
        return faust.SSLCredentials(tls) if tls else None
    if settings.sasl_mechanism is SaslMechanism.OAUTHBEARER:
        return OAuthCredentials(oauth_cb=TokenProvider(TokenSource(settings)), ssl_context=tls)
    return faust.SASLCredentials(
        username=settings.sasl_username,
        password=password(settings),
        mechanism=str(settings.sasl_mechanism),
        ssl_context=tls,
    )
