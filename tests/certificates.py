"""Certificates for mail servers of tests, signed by an authority of the test's own."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_FROM, _UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC)


def authority(folder: Path, host: str, *, until: datetime = _UNTIL, self_signed: bool = False) -> ssl.SSLContext:
    """The settings of a server that proves to be `host`; its authority is left in `ca.pem`, whoever signed."""
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca = _named("authority").public_key(ca_key.public_key()).add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    server = _named(host, until, host if self_signed else "authority").public_key(key.public_key())
    server = server.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
    (folder / "ca.pem").write_bytes(ca.sign(ca_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    (folder / "server.pem").write_bytes(
        server.sign(key if self_signed else ca_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context


def _named(subject: str, until: datetime = _UNTIL, issuer_name: str = "authority") -> x509.CertificateBuilder:
    name, issuer = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, each)]) for each in (subject, issuer_name))
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(issuer)
    return builder.serial_number(x509.random_serial_number()).not_valid_before(_FROM).not_valid_after(until)
