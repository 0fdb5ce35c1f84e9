"""What a list file would remove besides entries: a file with a damaged middle still has every entry.

Names, strong names, identifiers, birth dates: if many of one kind are missing, a file of aliases was left
out, a column moved, or the format changed. The list in force stays until somebody says that it is meant so.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

import orjson

from screening.designations import Quality
from streams.records.shapes import DesignationRecord

FEW = 3
"""So many facts of a kind may go from a list of any size: small lists are amended, too."""
REASONS: Mapping[str, str] = {
    "names": "as when a file of aliases is cut",
    "strong names": "as when a column of alias quality moves; weak aliases do not alert by themselves",
    "identifiers": "as when a file or column of documents is left out",
    "birth dates": "as when a column of dates is left out",
}


def loss(held: Mapping[str, bytes], coming: Mapping[str, bytes], most: float) -> str:
    """Which facts would be reduced by more than the share `most` (0 to 1), in words; "" if none."""
    before, after = count(held.values()), count(coming.values())
    for kind, reason in REASONS.items():
        gone = before[kind] - after[kind]
        if gone > most * before[kind] and (kind == "names" or gone > FEW):
            return f"{gone} of {before[kind]} {kind} would go (at most {most:.0%}), {reason}"
    return ""


def count(entries: Iterable[bytes]) -> Counter[str]:
    """The number of facts by kind, over entries as they are on the topic."""
    found: Counter[str] = Counter()
    for value in entries:
        entry: DesignationRecord = orjson.loads(value)
        names = entry.get("names", ())
        found["names"] += len(names)
        found["strong names"] += sum(name.get("quality") != Quality.WEAK for name in names)
        found["identifiers"] += len(entry.get("identifiers", ()))
        found["birth dates"] += len(entry.get("birth_dates", ()))
    return found
