"""The way in and the account in a real browser."""
