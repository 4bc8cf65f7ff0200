"""The machine's running time, held by a test: for what is shared a moment."""


class Watch:
    """Stands for the module `time` where only `monotonic` is asked."""

    def __init__(self) -> None:
        self.at = 1000.0

    def monotonic(self) -> float:
        return self.at
