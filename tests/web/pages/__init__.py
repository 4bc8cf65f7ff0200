"""The pages inside WeChat as a real browser shows them."""
