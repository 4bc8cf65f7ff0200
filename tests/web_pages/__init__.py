"""Pages through Flask's client on a real database; what needs a browser is in tests/web."""
