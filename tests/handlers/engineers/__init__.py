"""Conversations of engineers."""
