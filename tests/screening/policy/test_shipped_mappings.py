"""Mappings that ship, named in a policy."""

import pytest

from screening.policy.file import PolicyError, read_policy
from streams.offline.policies import load_policy, shipped_mappings


def test_a_policy_names_mappings_that_ship_and_they_are_part_of_its_hash() -> None:
    policy = read_policy('shipped_mappings = ["pix"]', shipped=shipped_mappings())

    assert [mapping.name for mapping in policy.mappings] == ["pix", "pix charge"]
    assert policy.sha256 != read_policy("").sha256


def test_a_name_that_does_not_ship_is_refused_with_those_that_do() -> None:
    with pytest.raises(PolicyError, match=r"'pixx' does not ship; known are .*, pix, "):
        read_policy('shipped_mappings = ["pixx"]', shipped=shipped_mappings())


def test_the_shipped_policy_maps_nothing() -> None:
    assert load_policy(None).mappings == ()
