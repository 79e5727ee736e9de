"""Keys: one data key per conversation, wrapped by the master key, kept apart from the data.

Erasing a conversation deletes its wrapped key; what was sealed with it is then unreadable here,
whatever else still holds the sealed bytes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


class Unreadable(Exception):
    """Sealed bytes that this key, or this place, cannot open."""


class DataKey:
    """The key of one conversation (256 bits, AES-GCM)."""

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    def seal(self, text: str, place: str) -> bytes:
        """Encrypt `text`; `place` (table, column, row) binds the value to where it stands."""
        nonce = os.urandom(_NONCE)
        return nonce + self._aead.encrypt(nonce, text.encode("utf8"), place.encode("utf8"))

    def open(self, sealed: bytes, place: str) -> str:
        """Decrypt; raises Unreadable when the bytes were changed or moved to another place."""
        try:
            return self._aead.decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode("utf8")).decode("utf8")
        except (InvalidTag, ValueError):  # the latter for bytes cut short
            raise Unreadable(place) from None


class MasterKey:
    """Wraps data keys and makes pseudonyms. Never written beside the data."""

    def __init__(self, key: bytes) -> None:
        if len(key) != 32:
            raise ValueError("the master key must be 32 bytes, base64 coded (44 characters)")
        self._aead = AESGCM(key)
        self._pseudonyms = hmac.digest(key, b"pseudonyms", "sha256")

    @classmethod
    def load(cls, coded: str, path: Path, may_create: bool = False) -> MasterKey:
        """From the setting, else from `path`. With `may_create` it is made (mode 0600) if it is missing;
        else FileNotFoundError: a new key could not open what the lost one sealed."""
        if not coded and not path.exists():
            if not may_create:
                raise FileNotFoundError(f"The master key {path} is missing. Without it nothing stored can be read.")
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(base64.b64encode(os.urandom(32)).decode())
        try:
            return cls(base64.b64decode((coded or path.read_text()).strip(), validate=True))
        except ValueError as error:
            raise ValueError(f"The master key cannot be used: {error}.") from None

    def new_data_key(self, conversation: str) -> tuple[DataKey, bytes]:
        """A fresh data key and its wrapped form, bound to the conversation's id."""
        key, nonce = AESGCM.generate_key(256), os.urandom(_NONCE)
        return DataKey(key), nonce + self._aead.encrypt(nonce, key, conversation.encode())

    def unwrap(self, wrapped: bytes, conversation: str) -> DataKey:
        try:
            return DataKey(self._aead.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], conversation.encode()))
        except (InvalidTag, ValueError):  # the latter for bytes cut short
            raise Unreadable(f"key of conversation {conversation}") from None

    def pseudonym(self, channel: str, address: str) -> str:
        """A keyed hash that finds a returning address and cannot be turned back into it."""
        return hmac.digest(self._pseudonyms, f"{channel}:{address}".encode(), "sha256").hex()


def token_hash(token: str) -> str:
    """Hash of a random 256-bit token, for look-up; tokens themselves are never stored."""
    return hashlib.sha256(token.encode()).hexdigest()
