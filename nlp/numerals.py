"""Small whole numbers as people write them: 7, 七, 十五, 二十, 两."""

NUMERAL = r"(?:\d{1,4}|[零〇一二两三四五六七八九十百俩仨]{1,5})"
"""For the folded copy; `numeral` says what it means, or that it means nothing."""

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": 0, "两": 2, "俩": 2, "仨": 3}
_UNITS = {"十": 10, "百": 100}


def numeral(text: str) -> int | None:
    """The number that `text` writes as a whole, 0 to 9999; None for 一一 or 十百."""
    if text.isascii() and text.isdigit():
        return int(text) if len(text) <= 4 else None
    if not text or any(character not in _DIGITS and character not in _UNITS for character in text):
        return None
    total, digit, unit = 0, None, 1000
    for character in text:
        if character in _UNITS:
            if _UNITS[character] >= unit:
                return None
            unit = _UNITS[character]
            total += (1 if digit is None else digit) * unit
            digit = None
        elif digit:
            return None
        else:
            digit = _DIGITS[character]
    return total + (digit or 0)
