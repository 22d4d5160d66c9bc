"""Certificates that would endanger others never enter the directory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from services.node.directory.certificates import entering_certificate
from services.node.domain.errors import RelaisError
from services.node.keys.encoding import sha256
from services.node.keys.tls import create_certificate, to_der
from services.node.wire.entries import TlsCert

NOW = datetime(2018, 3, 5, 8, 0, tzinfo=UTC)
USAGE = ("digital_signature",)
ALL_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def certificate(
    key=None,
    *,
    ca=False,
    usage=USAGE,
    critical=True,
    without=(),
    ski=None,
    backdate=timedelta(hours=48),
    days=90,
    signer=None,
):
    key = key or ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "yen-bai")])
    ski = ski or x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    aki = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(ski)
    key_usage = x509.KeyUsage(**{each: each in usage for each in ALL_USAGES})
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - backdate)
        .not_valid_after(NOW + timedelta(days=days))
    )
    extensions = {
        "basic": (x509.BasicConstraints(ca=ca, path_length=None), True),
        "usage": (key_usage, critical),
        "ski": (ski, False),
        "aki": (aki, False),
    }
    for label, (extension, is_critical) in extensions.items():
        if label not in without:
            builder = builder.add_extension(extension, critical=is_critical)
    return builder.sign(signer or key, SHA256()).public_bytes(Encoding.DER)


def code_of(der):
    with pytest.raises(RelaisError) as refused:
        entering_certificate(der, NOW, 3)
    return refused.value.code


def test_a_sound_certificate_enters_with_its_fingerprint():
    der = certificate()

    listed = entering_certificate(der, NOW, 3)

    assert listed.fingerprint == sha256(der)
    assert listed.der == der
    assert listed.life.added_at == 3


def test_what_relais_makes_enters():
    _, pem = create_certificate("yen-bai", NOW)

    entering_certificate(to_der(pem), NOW, 0)


def test_a_ca_certificate_is_refused():
    assert code_of(certificate(ca=True)) == "tls.is_ca"


def test_a_certificate_that_may_sign_others_is_refused():
    usage = ("digital_signature", "key_cert_sign")

    assert code_of(certificate(usage=usage)) == "tls.is_ca"


@pytest.mark.parametrize("missing", ["basic", "usage", "ski", "aki"])
def test_a_certificate_without_an_extension_is_refused(missing):
    assert code_of(certificate(without=(missing,))) == "tls.bad_extensions"


def test_a_certificate_whose_key_usage_is_not_critical_is_refused():
    assert code_of(certificate(critical=False)) == "tls.bad_extensions"


def test_a_certificate_for_other_uses_is_refused():
    assert code_of(certificate(usage=("key_agreement",))) == "tls.bad_extensions"


def test_an_rsa_certificate_is_refused():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    assert code_of(certificate(key)) == "tls.not_p256"


def test_a_certificate_on_another_curve_is_refused():
    key = ec.generate_private_key(ec.SECP384R1())

    assert code_of(certificate(key)) == "tls.not_p256"


def test_a_certificate_signed_by_another_key_is_refused():
    other = ec.generate_private_key(ec.SECP256R1())

    assert code_of(certificate(signer=other)) == "tls.not_self_signed"


def test_a_certificate_cannot_borrow_anothers_key_identifier():
    """Same subject, same identifier: it would be tried in the other's place."""
    other = ec.generate_private_key(ec.SECP256R1())
    borrowed = x509.SubjectKeyIdentifier.from_public_key(other.public_key())

    assert code_of(certificate(ski=borrowed)) in {
        "directory.foreign_key_identifier",
        "tls.bad_extensions",
    }


def test_an_expired_certificate_is_refused():
    assert code_of(certificate(days=-1)) == "tls.expired"


def test_a_certificate_valid_too_lately_is_refused():
    late = timedelta(hours=47, minutes=59)

    assert code_of(certificate(backdate=late)) == "tls.not_yet_valid"


@pytest.mark.parametrize(
    "raw", [b"", b"\x30\x00", b"-----BEGIN CERTIFICATE-----", certificate() + b"\0"]
)
def test_bytes_that_are_no_certificate_are_refused(raw):
    assert code_of(raw) == "tls.malformed"


def test_a_certificate_enters_as_der_only():
    _, pem = create_certificate("yen-bai", NOW)

    assert code_of(pem) == "tls.malformed"


def test_one_tls_key_serves_one_member(world):
    key = ec.generate_private_key(ec.SECP256R1())
    first, second = certificate(key), certificate(key)
    assert first != second
    grown = world.after(world.own("hanoi", TlsCert(first)))

    leaf = grown.own("ministry", TlsCert(second))

    assert grown.refusal(leaf) == "directory.key_known"


def test_a_bad_certificate_makes_its_entry_void(world):
    leaf = world.own("hanoi", TlsCert(certificate(ca=True)))

    assert world.refusal(leaf) == "tls.is_ca"
