"""Why a list file is refused."""


class ListError(ValueError):
    """This file must not become the list in force: keep the old list. The text names place and remedy."""
