"""The way in and a person's own account, through Flask's client."""
