"""The JSON API through its application."""
