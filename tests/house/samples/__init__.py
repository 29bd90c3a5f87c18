"""Broken on purpose: every law of the house must reject its sample. Nothing imports these but the house tests."""
