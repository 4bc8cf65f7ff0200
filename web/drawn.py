"""What is drawn the same again and again is drawn once: kept by all that it shows (T12).

A key says everything that its drawing shows, so what one reader was shown can be given to
another: whoever sees the same facts sees the same drawing, and nobody sees others.
"""

import threading
from collections.abc import Callable, Hashable
from weakref import WeakKeyDictionary

from markupsafe import Markup

from texts import Texts
from web.site import site


class Drawings:
    """Drawings of one kind, in the words of now; at most so many of them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: WeakKeyDictionary[Texts, dict[Hashable, Markup]] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def get(self, key: Hashable, draw: Callable[[], str]) -> Markup:
        """The drawing of these facts, by the template that `draw` fills."""
        kept, whole = self._of_now(), (site().texts.edition, key)
        found = kept.get(whole)
        if found is None:
            found = kept[whole] = Markup(draw())
        return found

    def _of_now(self) -> dict[Hashable, Markup]:
        with self._lock:
            kept = self._kept.setdefault(site().texts, {})
            if len(kept) >= self._most:
                kept.clear()
            return kept
