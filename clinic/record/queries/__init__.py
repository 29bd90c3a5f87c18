"""Readers that every room above shares."""

from clinic.record.queries.banner import Banner, banner

__all__ = ["Banner", "banner"]
