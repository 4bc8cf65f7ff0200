"""Complaints: from the first word to the head and back, kept from whom they concern (C1–C4)."""
