"""What OpenSanctions calls the kinds of its parties, in all its forms (schemata of FollowTheMoney)."""

from collections.abc import Mapping

from screening.designations import Kind

KINDS: Mapping[str, Kind | None] = {
    "Person": Kind.PERSON,
    "Organization": Kind.ORGANIZATION,
    "Company": Kind.ORGANIZATION,
    "PublicBody": Kind.ORGANIZATION,
    "LegalEntity": None,
    "Vessel": Kind.VESSEL,
    "Airplane": Kind.AIRCRAFT,
    "CryptoWallet": None,
}
"""None for a party that may be of any kind."""
