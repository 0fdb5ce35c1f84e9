"""The error for a policy file that cannot be used."""


class PolicyError(ValueError):
    """A policy file that cannot be used; the text names the place and what is expected there."""
