"""OFAC's "Linked To" prints a name; this leads from it to the entry."""


class NamesToIds:
    """Primary names to ids. A name that several entries share leads nowhere, since it could be any of them.

    Names are compared by their letters and digits: "R D I, S.A." and "R D I S.A" are one.
    """

    def __init__(self) -> None:
        self._ids: dict[str, str | None] = {}

    def add(self, name: str, designation_id: str) -> None:
        if self._ids.setdefault(_key(name), designation_id) != designation_id:
            self._ids[_key(name)] = None

    def get(self, name: str) -> str | None:
        return self._ids.get(_key(name))


def _key(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))
