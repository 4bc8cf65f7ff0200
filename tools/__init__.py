"""Sets the project up and checks it; each file needs nothing but Python's standard library."""
