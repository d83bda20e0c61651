"""The key that deletions are marked with, kept so that an encrypted database gives nothing away.

Whoever has this key can try all chats there are and learn who was deleted. So it lies beside an
encrypted database in a wrapping: each line of the file holds the same key, added (XOR) to 32 bytes
that PBKDF2-HMAC-SHA512 derives from the database's key with a salt of the line's own, as often
repeated as SQLCipher does it. Beside a database without a key it stands as it is.
"""

import hashlib
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

from storage.errors import MarksError
from storage.files import beside, cannot_write, drop_unfinished, write_private

_LINE = re.compile(r"([0-9a-f]{8}) (open|[0-9a-f]{32}) ([0-9a-f]{64})")
_BYTES = 32
_OPEN = "open"
_RAW = re.compile(r"x'([0-9a-f]{64}|[0-9a-f]{96})'", re.IGNORECASE)
_ROUNDS = 256_000
"""For a passphrase. A raw key (https://www.zetetic.net/sqlcipher/sqlcipher-api/#key) is random."""


class MarkKeyFile:
    """``<database>.erased.key``: one key, in a wrapping for each key of the database."""

    def __init__(self, database: Path) -> None:
        self.path = beside(database, ".erased.key")

    def read(self, *keys: str | None) -> bytes | None:
        """The key, by whichever of the database's keys opens it; None if there is no file.

        Raises:
            MarksError: none of them does, or the file is spoiled.
        """
        try:
            text = self.path.read_text(encoding="ascii")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError):
            raise MarksError(f"{self.path} cannot be read") from None
        lines = [match for match in map(_LINE.fullmatch, text.splitlines()) if match]
        for name, salt, wrapped in (match.groups() for match in lines):
            for key in dict.fromkeys(keys):
                found = _added(bytes.fromhex(wrapped), key, salt)
                if found is not None and name_of(found) == name:
                    return found
        raise MarksError(f"{self.path} does not open with the key of the database")

    def make(self, key: str | None) -> bytes:
        """Make a new key, and keep it for a database with this key.

        Raises:
            StorageError: it cannot be written.
        """
        secret = secrets.token_bytes(_BYTES)
        self.keep(secret, [key])
        return secret

    def keep(self, secret: bytes, keys: Iterable[str | None]) -> None:
        """Write the key, in a wrapping for each of the database's keys; in one step, durably.

        Raises:
            StorageError: it cannot be written; the file is as it was.
        """
        text = "".join(f"{_wrapped(secret, key)}\n" for key in keys)
        try:
            drop_unfinished(self.path)
            write_private(self.path, text)
        except OSError as error:
            raise cannot_write(self.path, error) from None

    def put_aside(self) -> None:
        """Make room for a new key."""
        self.path.replace(beside(self.path, ".former"))

    def wrap_anew(self, known: Iterable[str | None], keys: Iterable[str | None]) -> None:
        """Let other keys of the database open it; one that no known key opens is left alone.

        Raises:
            StorageError: it cannot be written.
        """
        try:
            secret = self.read(*known)
        except MarksError:
            return
        if secret is not None:
            self.keep(secret, keys)


def name_of(secret: bytes) -> str:
    """What a mark says about the key that it was made with."""
    return hashlib.sha256(secret).hexdigest()[:8]


def _wrapped(secret: bytes, key: str | None) -> str:
    salt = _OPEN if key is None else secrets.token_hex(16)
    added = _added(secret, key, salt)
    if added is None:
        raise ValueError(salt)
    return f"{name_of(secret)} {salt} {added.hex()}"


def _added(secret: bytes, key: str | None, salt: str) -> bytes | None:
    """Wrapped or unwrapped, which is the same; None if this needs a key and there is none."""
    if salt == _OPEN:
        return secret
    if key is None:
        return None
    rounds = 1 if _RAW.fullmatch(key) else _ROUNDS
    pad = hashlib.pbkdf2_hmac("sha512", key.encode(), bytes.fromhex(salt), rounds, _BYTES)
    return bytes(a ^ b for a, b in zip(secret, pad, strict=True))
