"""Cryptography behind signing in: argon2id (argon2-cffi), time codes (pyotp), pictures of their secrets (segno)."""

import io
from datetime import datetime

import segno
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from pyotp import TOTP, random_base32
from pyotp.exceptions import OTPVerificationError

ISSUER = "Tiếp Dân"
# RFC 9106's second choice (64 MiB, three passes) with one lane: about a tenth of a second of one core.
TIME_COST, MEMORY_KIB, LANES = 3, 65_536, 1
_NEIGHBOURS = 1


class Argon2Passwords:
    """Implements bot.core.staff.ports.Passwords. Safe between threads; each call takes `memory_kib` for its time."""

    def __init__(self, time_cost: int = TIME_COST, memory_kib: int = MEMORY_KIB, lanes: int = LANES) -> None:
        self._hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=lanes)
        # What is looked at where there is no password: made with the same parameters, so that it takes as long.
        self._nobody = self._hasher.hash(random_base32())

    def hash(self, password: str) -> str:
        """Return the encoded hash."""
        return self._hasher.hash(_bytes(password))

    def verify(self, encoded: str | None, password: str) -> bool:
        """Return whether the password fits; False for None, after the same work."""
        try:
            fits = self._hasher.verify(encoded or self._nobody, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False
        return fits and encoded is not None

    def outdated(self, encoded: str) -> bool:
        """True when it was made with other parameters."""
        return self._hasher.check_needs_rehash(encoded)


class PyotpCodes:
    """Implements bot.core.staff.ports.TimeCodes: six digits, SHA-1, 30 s, what every telephone's program reads."""

    def new_secret(self) -> str:
        """Return 160 random bits in base32."""
        return random_base32()

    def uri(self, secret: str, login: str) -> str:
        """Return the otpauth:// address."""
        return TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)

    def step(self, secret: str, code: str, now: datetime) -> int | None:
        """Return the step of a code, of the present one and its neighbours."""
        try:
            return TOTP(secret).verify_and_get_timecode(code, for_time=now, valid_window=_NEIGHBOURS)
        except OTPVerificationError:
            return None


def qr_svg(text: str) -> str:
    """Return a QR code as an SVG document that scales and brings no style of its own."""
    out = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(out, kind="svg", border=4, dark="#000", light="#fff", omitsize=True, xmldecl=False, nl=False)
    return out.getvalue().decode()


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
