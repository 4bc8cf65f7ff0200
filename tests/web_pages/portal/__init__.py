"""The portal through Flask's client on a real database."""
