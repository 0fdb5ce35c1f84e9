"""Who may ask a server what, and when who asks too often may ask again."""

from types import SimpleNamespace
from typing import Any

import pytest

from streams.metrics import OPEN_PATHS
from streams.serve.http import ProblemError, _check

TOKEN = "secret"


def checked(wait: float = 0.0, path: str = "/match", token: str | None = TOKEN, **headers: str) -> Any:
    """What is wrong with a request; None where nothing is."""
    limit: Any = SimpleNamespace(wait_seconds=lambda client: wait if client == "10.0.0.1" else 0.0)
    request: Any = SimpleNamespace(
        url=SimpleNamespace(path=path), client=SimpleNamespace(host="10.0.0.1"), headers=headers
    )
    try:
        _check(request, token, limit)
    except ProblemError as error:
        return error
    return None


@pytest.mark.parametrize(
    ("wait", "says", "after"),
    [(0.04, "0.0", "1"), (0.4, "0.4", "1"), (1.0, "1.0", "2"), (12.56, "12.6", "13")],
)
def test_who_asks_too_often_is_told_a_whole_second_after_which_it_may(
    wait: float, says: str, after: str
) -> None:
    problem = checked(wait, authorization="Bearer secret")

    assert problem.status == 429
    assert problem.detail == f"too many requests; again in {says} s"
    assert problem.headers == {"retry-after": after}
    assert all(checked(wait, path) is None for path in OPEN_PATHS)


@pytest.mark.parametrize(
    ("given", "right"),
    [
        ("Bearer secret", True),
        ("bearer secret", True),
        ("Bearer secre", False),
        ("Bearer secrets", False),
        ("Bearer  secret", False),
        ("Basic secret", False),
        ("secret", False),
        ("", False),
    ],
)
def test_a_token_is_asked_for_by_its_scheme_where_there_is_one(given: str, right: bool) -> None:
    problem = checked(authorization=given)

    assert (problem is None) is right
    assert checked(token=None, authorization=given) is None
    if problem:
        assert (problem.status, problem.headers) == (401, {"www-authenticate": "Bearer"})
