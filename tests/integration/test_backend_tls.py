"""TLS to the complaint backend: the server's certificate is checked, and our own is shown."""

import datetime as dt
import ssl
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.core.errors import BackendUnavailable
from tests.integration.test_backend_client import CASE, PAYLOAD, RECEIPT, answer, serving


async def test_tls_is_checked_on_both_sides(tmp_path: Path) -> None:
    authority = Authority(tmp_path, "ca")
    server, client = authority.issue("server"), authority.issue("client")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*server)
    tls.load_verify_locations(authority.certificate)
    tls.verify_mode = ssl.CERT_REQUIRED
    known = {"ca_file": authority.certificate, "client_cert": client[0], "client_key": client[1]}
    async with serving(answer(201, RECEIPT), tls, **known) as backend:
        assert (await backend.file(PAYLOAD, CASE)).reference == "R1"
    async with serving(answer(201, RECEIPT), tls, client_cert=client[0], client_key=client[1]) as backend:
        with pytest.raises(BackendUnavailable) as failed:
            await backend.file(PAYLOAD, CASE)
        assert not failed.value.uncertain, "an unknown authority is found out before anything is sent"
    other = Authority(tmp_path, "other-ca").issue("impostor")
    async with serving(
        answer(201, RECEIPT), tls, ca_file=authority.certificate, client_cert=other[0], client_key=other[1]
    ) as backend:
        with pytest.raises(BackendUnavailable):
            await backend.file(PAYLOAD, CASE)


class Authority:
    """A certificate authority for 127.0.0.1."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        basic = x509.BasicConstraints(ca=True, path_length=0)
        built = self._builder(self._name, self._key).add_extension(basic, critical=True)
        self.certificate = folder / f"{name}.pem"
        signed = built.sign(self._key, hashes.SHA256())
        self.certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))

    def issue(self, name: str) -> tuple[Path, Path]:
        """Return the files of a certificate for 127.0.0.1 and of its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        signed = self._builder(subject, key).add_extension(address, critical=False).sign(self._key, hashes.SHA256())
        paths = self._folder / f"{name}.pem", self._folder / f"{name}.key"
        paths[0].write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        paths[1].write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return paths

    def _builder(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        now = dt.datetime.now(dt.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
        )
