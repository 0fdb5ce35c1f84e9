"""The front door of the domain: pure screening, with no Kafka, no clock and no globals.

screener = Screener(Policy())
for designation in parse_list("ofac", path):
    screener.upsert(designation)
decisions = [screener.screen(payment) for payment in decode_payment(raw)]
"""

from screening.decisions import Decision, Explanation, Hit, Outcome, Reason
from screening.designations import Designation, Kind, Name, NameType, Quality
from screening.lists import ListError, parse_list
from screening.matching.second_look import compare
from screening.payments import Party, Payment, PaymentError, Role, decode_payment
from screening.policy.rules import Action, Policy, Rule
from screening.screener import Screener

__all__ = [
    "Action",
    "Decision",
    "Designation",
    "Explanation",
    "Hit",
    "Kind",
    "ListError",
    "Name",
    "NameType",
    "Outcome",
    "Party",
    "Payment",
    "PaymentError",
    "Policy",
    "Quality",
    "Reason",
    "Role",
    "Rule",
    "Screener",
    "compare",
    "decode_payment",
    "parse_list",
]
