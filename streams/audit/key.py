"""The key of the audit chain, from the settings."""

from config.settings import Settings
from streams.audit.chain import NO_KEY


def audit_key(settings: Settings) -> bytes:
    """What workers and auditors seal and check with; `chain.py` says what a key adds."""
    return settings.audit_key.get_secret_value().encode() if settings.audit_key else NO_KEY
