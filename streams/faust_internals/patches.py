"""All changes to aiokafka, made by one call; each module says what its change is for."""

from streams.faust_internals.committed_places import ask_committed_places_again
from streams.faust_internals.decompression import bound_decompression
from streams.faust_internals.header_names import read_any_header_names
from streams.faust_internals.paced_connections import pace_connections
from streams.faust_internals.paced_metadata import pace_metadata


def patch_aiokafka(payments: str = "") -> None:
    """Change every client of this process; may be called more than once.

    `payments` is the payments topic: a batch of it that is too large is read as placeholders rather than
    refused. Leave it out if this process does not read payments with aiokafka.
    """
    bound_decompression(payments)
    read_any_header_names()
    pace_connections()
    pace_metadata()
    ask_committed_places_again()
