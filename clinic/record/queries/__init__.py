"""Readers that every room above shares."""

from clinic.record.queries.banner import Banner, banner
from clinic.record.queries.facts import Told, current_facts, fact_history

__all__ = ["Banner", "Told", "banner", "current_facts", "fact_history"]
