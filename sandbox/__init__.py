"""Plays WeChat's servers and people's phones here; it meets the product over HTTP only."""
