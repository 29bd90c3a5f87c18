"""The office: the staff's own pages, the clinic's settings, the account of who opened what, health and logs.

The signed-in person comes in; the pages of the house around the chart go out, and the ledger's seal each minute.
"""
