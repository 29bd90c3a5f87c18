"""Readers that every room above shares."""

from clinic.record.queries.banner import Banner, banner, whose
from clinic.record.queries.facts import Told, current_facts, fact_history
from clinic.record.queries.payers import coverages, paid_in_full, self_pays
from clinic.record.queries.person import of_records

__all__ = [
    "Banner",
    "Told",
    "banner",
    "coverages",
    "current_facts",
    "fact_history",
    "of_records",
    "paid_in_full",
    "self_pays",
    "whose",
]
