"""The whole desk in a real browser: what people do and read on their phones."""
