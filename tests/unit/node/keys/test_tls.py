from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from services.node.domain.errors import InvalidInputError, VerificationError
from services.node.keys.encoding import sha256
from services.node.keys.tls import (
    check_certificate,
    check_key_pair,
    create_certificate,
    fingerprint,
    to_der,
    to_pem,
)

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "lao-cai")])
NOT_CA = x509.BasicConstraints(ca=False, path_length=None)
CA = x509.BasicConstraints(ca=True, path_length=0)


def usage(**also: bool) -> x509.KeyUsage:
    names = (
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
    return x509.KeyUsage(**(dict.fromkeys(names, False) | also))


SIGNATURE = usage(digital_signature=True)


def certificate(
    *extensions: tuple[x509.ExtensionType, bool], key=None, signer=None, ids=True
) -> bytes:
    key = key or ec.generate_private_key(ec.SECP256R1())
    builder = (
        x509.CertificateBuilder()
        .subject_name(NAME)
        .issuer_name(NAME)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=1))
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    if ids:
        ski = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        aki = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(ski)
        builder = builder.add_extension(ski, critical=False)
        builder = builder.add_extension(aki, critical=False)
    signer = signer or key
    hashed = None if isinstance(signer, ed25519.Ed25519PrivateKey) else SHA256()
    return builder.sign(signer, hashed).public_bytes(Encoding.DER)


def code_of(der: bytes, now: datetime = NOW) -> str:
    with pytest.raises(VerificationError) as refused:
        check_certificate(der, now)
    return refused.value.code


def test_created_certificate_is_admitted_for_its_life():
    key_pem, cert_pem = create_certificate("lao-cai", NOW)
    der = to_der(cert_pem)
    check_key_pair(key_pem, cert_pem)
    for at in (-timedelta(hours=48), timedelta(0), timedelta(days=90, seconds=-1)):
        check_certificate(der, NOW + at)
    before, after = NOW - timedelta(hours=48, seconds=1), NOW + timedelta(days=90)
    assert code_of(der, before) == "tls.not_yet_valid"
    assert code_of(der, after) == "tls.expired"


def test_created_certificate_names_its_member_only_under_invalid():
    _, cert_pem = create_certificate("lao-cai", NOW)
    names = x509.load_pem_x509_certificate(cert_pem).extensions
    san = names.get_extension_for_class(x509.SubjectAlternativeName).value
    assert san.get_values_for_type(x509.DNSName) == ["lao-cai.relais.invalid"]


def test_fingerprint_is_that_of_the_der_from_both_forms():
    _, cert_pem = create_certificate("lao-cai", NOW)
    der = to_der(cert_pem)
    assert fingerprint(cert_pem) == fingerprint(der) == sha256(der)
    assert to_der(to_pem(der)) == der


def test_plain_certificate_of_this_kind_is_admitted():
    check_certificate(certificate((NOT_CA, True), (SIGNATURE, True)), NOW)


@pytest.mark.parametrize(
    "extensions",
    [
        [(CA, True), (SIGNATURE, True)],
        [(CA, False), (usage(digital_signature=True, key_cert_sign=True), True)],
        [(NOT_CA, True), (usage(digital_signature=True, key_cert_sign=True), True)],
    ],
)
def test_certificate_that_could_issue_others_is_refused(extensions):
    assert code_of(certificate(*extensions)) == "tls.is_ca"


@pytest.mark.parametrize(
    "extensions",
    [
        [],
        [(NOT_CA, True)],
        [(SIGNATURE, True)],
        [(NOT_CA, True), (SIGNATURE, False)],
        [(NOT_CA, True), (usage(key_agreement=True), True)],
        [(NOT_CA, True), (usage(digital_signature=True, crl_sign=True), True)],
    ],
)
def test_certificate_without_its_extensions_is_refused(extensions):
    assert code_of(certificate(*extensions)) == "tls.bad_extensions"


def test_certificate_without_key_identifiers_is_refused():
    der = certificate((NOT_CA, True), (SIGNATURE, True), ids=False)
    assert code_of(der) == "tls.bad_extensions"


def test_certificate_that_names_another_issuer_key_is_refused():
    key = ec.generate_private_key(ec.SECP256R1())
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    der = certificate(
        (NOT_CA, True),
        (SIGNATURE, True),
        (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(other), False),
        key=key,
        ids=False,
    )
    assert code_of(der) == "tls.bad_extensions"


@pytest.mark.parametrize(
    "key",
    [ec.generate_private_key(ec.SECP384R1()), ed25519.Ed25519PrivateKey.generate()],
    ids=["p384", "ed25519"],
)
def test_certificate_with_another_kind_of_key_is_refused(key):
    der = certificate((NOT_CA, True), (SIGNATURE, True), key=key)
    assert code_of(der) == "tls.not_p256"


def test_certificate_signed_by_another_key_is_refused():
    signer = ec.generate_private_key(ec.SECP256R1())
    der = certificate((NOT_CA, True), (SIGNATURE, True), signer=signer)
    assert code_of(der) == "tls.not_self_signed"


@pytest.mark.parametrize(
    "raw", [b"", b"no certificate", b"-----BEGIN CERTIFICATE-----"]
)
def test_bytes_that_are_no_certificate_are_refused(raw):
    with pytest.raises(InvalidInputError) as refused:
        check_certificate(raw, NOW)
    assert refused.value.code == "tls.malformed"


def test_key_of_another_certificate_is_refused():
    key_pem, _ = create_certificate("lao-cai", NOW)
    _, cert_pem = create_certificate("lao-cai", NOW)
    with pytest.raises(VerificationError) as refused:
        check_key_pair(key_pem, cert_pem)
    assert refused.value.code == "tls.key_mismatch"


def test_key_that_is_no_pem_is_refused():
    _, cert_pem = create_certificate("lao-cai", NOW)
    with pytest.raises(InvalidInputError) as refused:
        check_key_pair(b"no key", cert_pem)
    assert refused.value.code == "tls.bad_key"
