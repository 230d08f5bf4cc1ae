"""Takes known secrets out of text that a far end wrote, before anyone may see it."""

from collections.abc import Iterable
from urllib.parse import quote, quote_plus

HIDDEN = "•••"
_SHORTEST = 6


class Redactor:
    """Replaces each known secret, also in its URL-encoded forms; secrets are added as they become known.

    A far end may quote a token in its own error text, so redaction works on text, not on field names.
    Secrets of fewer than six letters are ignored: they would blank out ordinary words.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets: set[str] = set()
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str) -> None:
        if len(secret) >= _SHORTEST:
            self._secrets |= {secret, quote(secret, safe=""), quote_plus(secret), quote(secret)}

    def text(self, text: str) -> str:
        """`text` without the secrets; the longest first, so that no rest of one stays behind."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        return text

    def __repr__(self) -> str:
        return f"Redactor({len(self._secrets)} forms)"
