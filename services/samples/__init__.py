"""Sample data: loaded to try the desk out, and removed again wholly (C §25)."""
