"""The bounds of what is read and remembered, by literal numbers: one that moves, moves on purpose.

What is within them today is refused or forgotten tomorrow where one shrinks; `docs/limits.md` says why they
are where they are.
"""

import pytest

from screening import limits
from screening.cases import repeats, stopped
from screening.lists import MOST_MISREAD, australia, csl, json_lines
from screening.lists.ofac import csv as ofac_csv
from screening.payments import decode, model
from screening.payments.iso import leaves, walk
from screening.payments.mapped import pieces
from screening.payments.mt import blocks, message, split, subfields
from screening.payments.registry import framing, proto_text, schemas
from screening.policy import answers_file, file
from screening.policy.rules import Policy, StrippingRule

BOUNDS = {
    "hits of a decision": (limits.MOST_HITS, 100),
    "rows of an explanation": (limits.MOST_ROWS, 60),
    "words": (limits.MOST_WORDS, 2_500),
    "characters": (limits.MOST_CHARACTERS, 30_000),
    "values": (limits.MOST_VALUES, 2_500),
    "steps": (limits.MOST_STEPS, 70_000),
    "readings of a field": (limits.MOST_READINGS, 32),
    "characters of an id": (limits.LONGEST_ID, 1_000),
    "characters of a value": (limits.LONGEST_VALUE, 1_000),
    "pairs": (repeats.MOST_PAIRS, 500_000),
    "stopped payments": (stopped.MOST_STOPPED, 50_000),
    "bytes of stopped payments": (stopped.MOST_BYTES, 268_435_456),
    "words of an end": (stopped.MOST_OF_AN_END, 8),
    "digits of an amount": (stopped.LONGEST_AMOUNT, 60),
    "stopped payments that are alike": (stopped.MOST_ALIKE, 50),
    "misread names": (MOST_MISREAD, 0.1),
    "bytes of a workbook": (australia._LARGEST_BYTES, 536_870_912),
    "bytes of CSL's JSON": (csl._LARGEST_BYTES, 268_435_456),
    "bytes of an array": (json_lines._LARGEST_ARRAY_BYTES, 67_108_864),
    "remarks that may go on": (ofac_csv._SPILL_FROM, 990),
    "bytes of a message": (decode.MAX_BYTES, 1_048_576),
    "characters of a name": (decode.MAX_NAME, 2_000),
    "payments of a message": (model.MAX_PAYMENTS, 20_000),
    "parties of a message": (model.MAX_PARTIES, 200_000),
    "payments of an event": (pieces.MOST_PAYMENTS, 10_000),
    "characters beside payments": (pieces.MOST_SHARED, 4_194_304),
    "values beside payments": (pieces.MOST_SHARED_VALUES, 500_000),
    "levels of XML": (walk.MAX_DEPTH, 64),
    "characters of a service": (leaves.LONGEST_TYPE, 35),
    "MT messages of a record": (message.MOST_MESSAGES, 10_000),
    "doubled fields named": (message.MOST_NAMED, 5),
    "doubled blocks named": (blocks.MOST_NAMED, 5),
    "bytes of a frame": (message.LONGEST_FRAME, 64),
    "bytes before a message": (split.LONGEST_FRONT, 4_096),
    "subfields": (subfields.MOST, 100),
    "message indexes": (framing.MOST_INDEXES, 64),
    "characters of a .proto": (proto_text.MOST_CHARACTERS, 1_048_576),
    "levels of a .proto": (proto_text.MOST_LEVELS, 32),
    "schemas": (schemas.MOST_SCHEMAS, 1_000),
    "hours of a window": (file.LONGEST_WINDOW_HOURS, 840),
    "hours of stripping": (StrippingRule().window_hours, 120.0),
    "seconds of an answer": (answers_file.LONGEST_DEADLINE_SECONDS, 86_400.0),
    "threshold": (Policy().threshold, 0.8),
    "threshold of texts": (Policy().text_threshold, 0.85),
}


@pytest.mark.parametrize("what", BOUNDS)
def test_a_bound_is_where_it_is_said_to_be(what: str) -> None:
    bound, number = BOUNDS[what]

    assert bound == number
