"""The console through Flask's client on a real database."""
