"""What `run.py doctor` looks at: each check is one small function that tells what it found."""
