"""The pages of an encrypted database, decrypted one by one: what a query never shows is there, too.

SQLCipher 4 (https://www.zetetic.net/sqlcipher/design/): pages of 4,096 bytes in AES-256-CBC, each
with its own initialisation vector before its HMAC at the end; the first 16 bytes are the salt.
"""

import ctypes
import ctypes.util
from functools import cache
from pathlib import Path

_PAGE, _SALT, _VECTOR, _RESERVED = 4096, 16, 16, 80


def decrypted(path: Path, key: str) -> bytes:
    """All pages of a database whose raw key is ``x'...'``, free ones and unused parts included."""
    secret = bytes.fromhex(key.removeprefix("x'").removesuffix("'"))
    content = path.read_bytes()
    pages = []
    for start in range(0, len(content), _PAGE):
        page = content[start : start + _PAGE]
        end = _PAGE - _RESERVED
        body = page[_SALT if start == 0 else 0 : end]
        pages.append(_aes_256_cbc(secret, page[end : end + _VECTOR], body))
    return b"".join(pages)


def _aes_256_cbc(secret: bytes, vector: bytes, body: bytes) -> bytes:
    crypto = _library()
    context = ctypes.c_void_p(crypto.EVP_CIPHER_CTX_new())
    cipher = ctypes.c_void_p(crypto.EVP_aes_256_cbc())
    out, length = ctypes.create_string_buffer(len(body) + 32), ctypes.c_int()
    try:
        assert crypto.EVP_DecryptInit_ex(context, cipher, None, secret, vector) == 1
        crypto.EVP_CIPHER_CTX_set_padding(context, 0)
        assert crypto.EVP_DecryptUpdate(context, out, ctypes.byref(length), body, len(body)) == 1
    finally:
        crypto.EVP_CIPHER_CTX_free(context)
    return out.raw[: length.value]


@cache
def _library() -> ctypes.CDLL:
    """The one that Python's own ssl module stands on."""
    crypto = ctypes.CDLL(ctypes.util.find_library("crypto"))
    crypto.EVP_CIPHER_CTX_new.restype = crypto.EVP_aes_256_cbc.restype = ctypes.c_void_p
    return crypto
