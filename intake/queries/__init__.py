"""The only readers of intake."""
