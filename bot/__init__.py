"""The WeChat edge: callbacks in, replies and messages out."""
