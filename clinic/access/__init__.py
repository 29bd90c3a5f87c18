"""The door: who may open which chart for what, decided in one table, recorded before anything is shown.

`open_chart`, `open_caseload`, `open_desk`, `open_registration` and `open_slices` come in here; verbs carry `@act`.
What goes out is an open chart inside its own transaction, and a row on the ledger for the look, the act or the refusal.
"""
