"""The ledger: one row for everything done to a chart, sealed every minute, verified by one command.

Rows come in from the door, the way out and the office only; what leaves is the account of who did what.
It holds plain ids and no foreign keys, so that it outlives what it speaks of, and never a name or a clinical value.
"""
