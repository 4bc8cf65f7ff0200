"""The knowledge base: written, reviewed, searched, used (K1, K2)."""
