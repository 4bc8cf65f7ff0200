"""The clock's own parts, without a database: whether the time may be believed."""
