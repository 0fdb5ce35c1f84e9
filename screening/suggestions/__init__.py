"""Suggestions: what speaks for a hit and against it, and what rules make of that. Never a disposition."""

from screening.suggestions.case import Case, Earlier, Source
from screening.suggestions.facts import Fact, facts_of
from screening.suggestions.suggest import Suggestion, suggest

__all__ = ["Case", "Earlier", "Fact", "Source", "Suggestion", "facts_of", "suggest"]
