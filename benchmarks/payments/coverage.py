"""How many values of real messages are screened, and in which roles.

    python -m benchmarks.payments.coverage FOLDER

FOLDER holds ISO 20022 messages (*.xml). What must be screened is found by a walk of its own. Exit code 1
where a value is not screened.
"""

import sys
from collections import Counter
from pathlib import Path

from screening.payments import Role, decode_payment
from tests.screening.payments.oracle import named_values
from tests.screening.payments.screened import screened


def main() -> int:
    """Print the counts. Returns the exit code."""
    roles: Counter[str] = Counter()
    missed = 0
    files = sorted(Path(sys.argv[1]).glob("*.xml"))
    for path in files:
        raw = path.read_bytes()
        wanted = named_values(raw)
        found = {
            (item.role, item.path, item.value)
            for payment in decode_payment(raw)
            for item in screened(payment)
        }
        roles.update(role.value for role, _, value in found if value in wanted)
        missed += len(wanted - {value for _, _, value in found})
    total = roles.total()
    print(f"{len(files)} messages, {total} names, agents, accounts and texts, {missed} not screened")
    for role, count in roles.most_common():
        print(f"{role:20} {count:6} {count / total:6.1%}")
    print(f"in role other: {roles[Role.OTHER.value] / total:.1%}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
