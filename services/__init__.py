"""What can happen at the desk: one function for each happening; nothing here commits."""
