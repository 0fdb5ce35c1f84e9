"""How well a list is screened, and what another policy would change: the figures and their page."""
