"""Numbers and ids shown so that they are known again, but of no use to others."""

_SHORTEST = 7  # digits; of fewer hardly any can be shown


def masked_phone(phone: str | None) -> str:
    """138****5678."""
    if not phone:
        return ""
    if len(phone) < _SHORTEST:
        return "*" * len(phone)
    ends = 4 if len(phone) > _SHORTEST + 3 else 2
    return f"{phone[:3]}****{phone[-ends:]}"


def masked_openid(openid: str | None) -> str:
    """Its first four characters."""
    return f"{openid[:4]}***" if openid else ""
