"""Why a list file is refused, and which faults are tolerated."""


class Tolerance:
    """Rows beside an entry that may be malformed without refusing the list; each is named.

    Only what adds to an entry is tolerated (OFAC's comments and addresses), never an entry or a name: what
    can still be read of the row is kept. More than `most` refuse the file.
    """

    def __init__(self, most: int = 0) -> None:
        self.most = most
        self.rows: list[str] = []

    def accepts(self, where: str) -> bool:
        """Whether this row is among the few that are tolerated; it is then named in `rows`."""
        if len(self.rows) >= self.most:
            return False
        self.rows.append(where)
        return True


class ListError(ValueError):
    """This file must not become the list in force: keep the old list. The text names place and remedy."""
