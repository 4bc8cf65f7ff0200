"""What a person can do with the account, each story in a browser from end to end (issue 3)."""
