"""Policy files as they lie on a disk."""

from pathlib import Path

import pytest

from screening.policy.file import PolicyError
from screening.policy.rules import Policy
from streams.offline.policies import load_policies


def test_policies_of_a_folder_are_found_by_their_hash(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=f"{tmp_path}: no policy file, "):
        load_policies(tmp_path, Policy())
    for name, threshold in (("b.toml", 0.9), ("a.toml", 0.8), ("other.txt", 0.7)):
        (tmp_path / name).write_text(f"threshold = {threshold}\n")
    found = load_policies(tmp_path, Policy())

    assert [policy.threshold for policy in found.values()] == [0.8, 0.9]
    assert all(policy.sha256 == sha256 for sha256, policy in found.items())
    (tmp_path / "c.toml").write_text('party_books = ["mine"]\n')
    with pytest.raises(PolicyError, match=r"c\.toml: other party_books or no_ownership than the policy in"):
        load_policies(tmp_path, Policy())
