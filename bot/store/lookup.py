"""Keyed hashes by which the same person is known again, and by which the end of the audit log is signed.

Their keys are made at first use and never change, for what they made must stay comparable; they are stored sealed, so
that the database alone gives neither the phone number behind a hash nor a signature that fits.
"""

import hashlib
import hmac
import os
import re
import unicodedata
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from bot.core.cases.record import Contact
from bot.store.parts import insert_once
from bot.store.sealing import KeyRing, context
from bot.store.tables.cases import lookup_keys

CONTACT, AUDIT = "contact", "audit"
_KEY_BYTES = 32
_FIND = select(lookup_keys.c.key).where(lookup_keys.c.name == bindparam("wanted"))
_NOT_DIGIT = re.compile(r"\D")


@dataclass(frozen=True)
class ContactHashes:
    """Keyed hashes of a contact's phone and e-mail; None where there is none."""

    phone: str | None = None
    email: str | None = None


def find(read: Connection, keys: KeyRing, name: str) -> bytes | None:
    """Return the key of this name, or None before its first use."""
    sealed: bytes | None = read.execute(_FIND, {"wanted": name}).scalar()
    return None if sealed is None else keys.open(sealed, _context(name))


def find_or_make(write: Connection, keys: KeyRing, name: str) -> bytes:
    """Return the key of this name; of two that make it at once, both get the same."""
    if (known := find(write, keys, name)) is not None:
        return known
    insert_once(write, lookup_keys, {"name": name, "key": keys.seal(os.urandom(_KEY_BYTES), _context(name))})
    return keys.open(write.execute(_FIND, {"wanted": name}).scalar_one(), _context(name))


def sign(key: bytes, value: str) -> str:
    """Return the keyed hash of a text, 64 hexadecimal digits."""
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


def contact_hashes(key: bytes, contact: Contact) -> ContactHashes:
    """Return the hashes of a contact, the same however its phone number and e-mail are written."""
    phone, email = _phone(contact.phone), _email(contact.email)
    return ContactHashes(
        sign(key, f"phone {phone}") if phone else None,
        sign(key, f"email {email}") if email else None,
    )


def _phone(written: str | None) -> str:
    """Digits alone, +84 912… as 0912…"""
    digits = _NOT_DIGIT.sub("", unicodedata.normalize("NFKC", written or ""))
    digits = digits.removeprefix("00") if digits.startswith("0084") else digits
    return f"0{digits[2:].removeprefix('0')}" if digits.startswith("84") and len(digits) > 9 else digits


def _email(written: str | None) -> str:
    return unicodedata.normalize("NFKC", written or "").strip().casefold()


def _context(name: str) -> bytes:
    return context("lookup_keys", "key", name)
