"""What happens by itself: the clock, and one file for each job."""
