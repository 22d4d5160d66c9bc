"""Who may call: strangers on the peers listener, officers on the local one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from relais.desk.v1 import case_pb2, consent_pb2, node_pb2, referral_pb2
from relais.envelope.v1 import body_pb2
from relais.exchange.v1 import deliver_pb2, deliver_pb2_grpc
from services.node.domain.errors import RelaisError
from services.node.flows.exchange import NO_HEAD, Delivery
from services.node.keys.tls import create_certificate
from services.node.rpc.callers import CALLERS, Listener
from services.node.rpc.conversions import delivery_to
from tests.network.hostile.hostile_peer import OPTIONS

LAO_CAI = "lao-cai"
LOCAL = sorted(m for m, row in CALLERS.items() if row.listener is Listener.LOCAL)
PEERS = sorted(m for m, row in CALLERS.items() if row.listener is Listener.PEERS)


def hello(peer) -> deliver_pb2.DeliverRequest:
    return delivery_to(Delivery(NO_HEAD, peer.ledger.growth(), ()))


def refused_by(attack, channel: grpc.Channel) -> grpc.RpcError:
    """How the channel's Deliver call ends; the victim's ledger did not grow."""
    size = attack.victim.size()
    with channel:
        stub = deliver_pb2_grpc.DeliverServiceStub(channel)
        call = stub.Deliver(iter([hello(attack.peer)]), timeout=10)
        with pytest.raises(grpc.RpcError) as refused:
            next(call)
    assert attack.victim.size() == size
    attack.good_one_goes_through()
    return refused.value


# --- strangers


def test_a_stranger_without_certificate_gets_no_connection(attack):
    target = attack.victim.network.peers_address(LAO_CAI)
    trusted = attack.peer.directory.member(LAO_CAI).certificates.values()
    pem = b"".join(
        x509.load_der_x509_certificate(each).public_bytes(Encoding.PEM)
        for each in trusted
    )
    name = ("grpc.ssl_target_name_override", "lao-cai.relais.invalid")
    credentials = grpc.ssl_channel_credentials(pem)
    channel = grpc.secure_channel(target, credentials, [*OPTIONS, name])
    assert refused_by(attack, channel).code() is grpc.StatusCode.UNAVAILABLE


def test_a_stranger_without_tls_gets_no_connection(attack):
    target = attack.victim.network.peers_address(LAO_CAI)
    channel = grpc.insecure_channel(target, OPTIONS)
    assert refused_by(attack, channel).code() is grpc.StatusCode.UNAVAILABLE


@pytest.mark.parametrize("name", ["liaison-yunnan", LAO_CAI, "nobody"])
def test_a_self_made_certificate_in_a_members_name_gets_no_connection(attack, name):
    key, cert = create_certificate(name, datetime.now(UTC))
    channel = attack.peer.channel(LAO_CAI, key_pem=key, cert_pem=cert)
    assert refused_by(attack, channel).code() is grpc.StatusCode.UNAVAILABLE


def issued_by(peer, name: str) -> tuple[bytes, bytes]:
    """A certificate in another's name that the peer's own TLS key signed."""
    issuer = x509.load_pem_x509_certificate(peer.keys.tls_cert_pem)
    signer = load_pem_private_key(peer.keys.tls_key_pem, None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(signer, SHA256())
    )
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem, made.public_bytes(Encoding.PEM) + peer.keys.tls_cert_pem


def test_a_certificate_that_a_member_issued_is_nobodys(attack):
    key, chain = issued_by(attack.peer, "yen-bai")
    channel = attack.peer.channel(LAO_CAI, key_pem=key, cert_pem=chain)
    error = refused_by(attack, channel)
    assert error.code() in {
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.PERMISSION_DENIED,
    }


# --- what a listener serves


def ends_with(channel: grpc.Channel, method: str) -> grpc.StatusCode:
    call: Any = channel.stream_stream(method)
    with pytest.raises(grpc.RpcError) as refused:
        next(call(iter([b""]), timeout=10))
    return refused.value.code()


def test_no_desk_or_admin_method_is_served_to_peers(attack):
    assert LOCAL
    with attack.peer.channel(LAO_CAI) as channel:
        found = {method: ends_with(channel, method) for method in LOCAL}
    assert set(found.values()) == {grpc.StatusCode.UNIMPLEMENTED}, found
    attack.good_one_goes_through()


def test_no_method_of_peers_is_served_locally(attack):
    assert PEERS
    for method in PEERS:
        code = ends_with(attack.victim.channel, method)
        assert code is grpc.StatusCode.UNIMPLEMENTED


# --- officers


def refusal_of(victim, method, request) -> str:
    size, stored = victim.size(), victim.stored()
    with pytest.raises(RelaisError) as refused:
        victim.call(method, request)
    assert (victim.size(), victim.stored()) == (size, stored)
    victim.open_case()
    return refused.value.code


@pytest.mark.parametrize("officer", ["", "nobody", "lao-cai-1 ", "node", "\0"])
def test_an_unknown_officer_may_do_nothing(victim, officer):
    request = case_pb2.OpenCaseRequest(officer=officer, door="partner")
    code = refusal_of(victim, victim.cases.OpenCase, request)
    assert code == "store.unfit" if officer == "\0" else "people.unknown"


def test_an_inactive_officer_may_do_nothing(victim):
    victim.keep_officer("admin", "retired", "officer")
    victim.keep_officer("admin", "retired", "officer", active=False)
    request = case_pb2.ListCasesRequest(officer="retired")
    assert refusal_of(victim, victim.cases.ListCases, request) == "people.inactive"


@pytest.mark.parametrize("role", ["administrator", "auditor"])
def test_a_role_that_may_not_see_cases_sees_none(victim, role):
    victim.keep_officer("admin", f"one-{role}", role)
    request = case_pb2.ListCasesRequest(officer=f"one-{role}")
    found = refusal_of(victim, victim.cases.ListCases, request)
    assert found == "people.role_may_not"


def test_an_officer_cannot_make_officers(victim):
    officer = node_pb2.Officer(
        pseudonym="friend", role="administrator", unit="desk", active=True
    )
    for acting in (victim.officer, "friend", ""):
        request = node_pb2.KeepOfficerRequest(acting_officer=acting, officer=officer)
        code = refusal_of(victim, victim.node.KeepOfficer, request)
        assert code.startswith("people.")
    assert "friend" not in victim.query("SELECT pseudonym FROM officer")


def test_who_entered_and_changed_an_officer_and_the_clock_is_kept(victim):
    victim.keep_officer("admin", "deputy", "administrator")
    victim.keep_officer("admin", "kept", "officer")
    victim.keep_officer("deputy", "kept", "supervisor")
    who = "SELECT added_by, changed_by FROM officer WHERE pseudonym = "
    assert victim.query(who + "'kept'") == "admin|deputy"
    assert victim.query(who + "'admin'").startswith("|")

    now = victim.status().case_now
    for acting in ("", victim.officer):
        moved = node_pb2.SetCaseClockRequest(now=now, acting_officer=acting)
        code = refusal_of(victim, victim.node.SetCaseClock, moved)
        assert code.startswith("people.")
    moved = node_pb2.SetCaseClockRequest(now=now, acting_officer="deputy")
    victim.call(victim.node.SetCaseClock, moved)
    assert victim.query("SELECT moved_by FROM clock_move") == "deputy"


def test_an_unknown_officer_is_told_at_which_member_and_by_which_command(victim):
    request = case_pb2.OpenCaseRequest(officer="nobody", door="partner")
    with pytest.raises(RelaisError) as refused:
        victim.call(victim.cases.OpenCase, request)
    assert f"No officer of {LAO_CAI} " in refused.value.message
    assert "relais node officer" in refused.value.remedy
    assert f"--node {LAO_CAI}" in refused.value.remedy


@pytest.mark.parametrize(
    "body",
    [
        {"release": body_pb2.Release(offer_envelope_id=bytes(16))},
        {"voiding": body_pb2.Voiding(offer_envelope_id=bytes(16))},
        {"offer": body_pb2.Offer(referral_type="tracing")},
    ],
    ids=lambda body: next(iter(body)),
)
def test_no_officer_releases_voids_or_offers_as_a_step(victim, body):
    request = referral_pb2.TakeStepRequest(
        officer=victim.officer, referral_id=bytes(16), body=body_pb2.Body(**body)
    )
    code = refusal_of(victim, victim.referrals.TakeStep, request)
    assert code == "step.not_by_hand"


def test_a_text_that_no_column_holds_is_refused_and_the_node_goes_on(victim):
    request = consent_pb2.RecordOverrideRequest(
        officer=victim.officer,
        case_pseudonym=victim.open_case(),
        recipient="hotline-hanoi",
        purpose="emergency_protection",
        category="D1",
        law="Law 66/2011\0",
        reason="r",
        review_by=victim.status().case_now + 3_600_000,
    )
    stub = victim.channel.unary_unary(
        "/relais.desk.v1.ConsentService/RecordOverride",
        request_serializer=consent_pb2.RecordOverrideRequest.SerializeToString,
        response_deserializer=consent_pb2.RecordOverrideResponse.FromString,
    )
    assert refusal_of(victim, stub, request) == "wire.bad_text"
    assert victim.open_case()


def test_a_step_without_a_body_is_refused(victim):
    request = referral_pb2.TakeStepRequest(
        officer=victim.officer, referral_id=bytes(16)
    )
    code = refusal_of(victim, victim.referrals.TakeStep, request)
    assert code == "wire.unknown_content"
