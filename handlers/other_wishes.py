"""What words want that are no answer: asked of the registry, which itself knows who asks."""

from handlers.dialog import Context, Turn


def in_words(ctx: Context) -> Turn:
    """The answer to the same words with no question waiting."""
    from handlers import registry  # it names the conversations that ask this

    return registry.words(ctx)


def instead(ctx: Context) -> Turn | None:
    """An order or a wish of its own; None for small talk and what cannot be read."""
    from handlers import registry

    return registry.wanted_instead(ctx)
