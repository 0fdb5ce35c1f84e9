"""Kinds of name variation, made the same way on every run: what a filter is tested with.

Each kind is a function from a name to how people, forms and evaders write it, or None where it does not
apply. The kinds follow what supervisors want filters tested on (NYDFS 3 CRR-NY 504.3(b)(5); Wolfsberg Group,
Guidance on Sanctions Screening, 2019): spelling, order, abbreviation, concatenation, truncation, script.
"""

from screening.evaluation.variations.kinds import KINDS, variations, vary

__all__ = ["KINDS", "variations", "vary"]
