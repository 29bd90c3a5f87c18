"""One way out: consents under 42 CFR Part 2, what each covers, and the only code that lets anything leave.

What the rooms above want to send comes in to `release`; a packet, a message and its ledger rows go out.
"""
