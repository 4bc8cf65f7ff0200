"""Sample data, loaded and removed."""
