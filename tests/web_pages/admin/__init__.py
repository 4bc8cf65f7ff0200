"""The admin's pages through Flask's client on a real database."""
