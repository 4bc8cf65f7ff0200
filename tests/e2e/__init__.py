"""The whole product over real HTTP: server, sandbox and phones, each a process of its own."""
