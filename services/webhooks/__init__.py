"""Webhooks out: who is told of what, derived from the histories, sent, logged, resent (C §25)."""
