"""Measured work: floors and product side by side, in the same minutes on the same machine."""
