"""Conversations, one file each; `router.py` finds who answers, `dialog.py` is their vocabulary."""
