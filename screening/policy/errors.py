"""What is wrong with a policy file."""


class PolicyError(ValueError):
    """A policy file that cannot be used; the text names the place and what is expected there."""
