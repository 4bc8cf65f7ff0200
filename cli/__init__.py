"""The commands of run.py, one file for each subject."""
