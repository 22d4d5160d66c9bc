"""A member that floods waits for its own sake, and for nobody else's."""

from __future__ import annotations

import grpc
import pytest
from grpc_status import rpc_status
from hypothesis import given
from hypothesis import strategies as st

from relais.exchange.v1 import deliver_pb2, probe_pb2
from services.node.config.limits import LimitsSection
from services.node.domain.errors import UnavailableError
from services.node.rpc.allowance import Allowances, Bucket
from services.node.rpc.errors import from_rpc_error, to_status

LIMITS = LimitsSection(
    envelopes_per_second=10, envelopes_at_once=20, bytes_per_second=1024
)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def batch(number: int) -> deliver_pb2.DeliverRequest:
    return deliver_pb2.DeliverRequest(
        consignments=[deliver_pb2.Consignment() for _ in range(number)]
    )


def told_to_wait(allowances: Allowances, member: str, request) -> float:
    with pytest.raises(UnavailableError) as refused:
        allowances.take(member, request)
    assert refused.value.code == "inbox.too_fast"
    return refused.value.wait


def test_what_is_over_at_once_waits_as_long_as_it_is_told_and_no_other_member():
    clock = Clock()
    allowances = Allowances(LIMITS, clock)
    allowances.take("yen-bai", batch(30))
    wait = told_to_wait(allowances, "yen-bai", batch(1))
    assert wait == pytest.approx(1.1)
    allowances.take("son-la", batch(30))
    clock.now += wait
    allowances.take("yen-bai", batch(1))


def test_a_request_without_envelopes_counts_as_one():
    allowances = Allowances(LIMITS, Clock())
    for _ in range(20):
        allowances.take("yen-bai", probe_pb2.ProbeRequest())
    told_to_wait(allowances, "yen-bai", probe_pb2.ProbeRequest())


def test_bytes_count_apart_from_envelopes():
    limits = LimitsSection(bytes_per_second=1024, bytes_at_once=2048)
    allowances = Allowances(limits, Clock())
    allowances.take("yen-bai", probe_pb2.ProbeRequest(sealed=bytes(4096)))
    assert told_to_wait(allowances, "yen-bai", batch(1)) > 2


@given(st.lists(st.tuples(st.floats(0, 5), st.integers(1, 50)), max_size=60))
def test_in_the_long_run_nobody_takes_more_than_rate_and_burst_and_one_debt(steps):
    clock, taken = Clock(), 0
    bucket = Bucket(10, 20, 0.0)
    for later, amount in steps:
        clock.now += later
        if not bucket.wait(clock.now):
            bucket.take(amount)
            taken += amount
    assert taken <= 20 + 10 * clock.now + 50


@pytest.mark.parametrize(("said", "heard"), [(1.5, 1.5), (86_400.0, 300.0)])
def test_how_long_to_wait_travels_with_the_refusal(said, heard):
    status = to_status(UnavailableError("inbox.too_fast", "Too fast.", wait=said))
    assert status.code == grpc.StatusCode.RESOURCE_EXHAUSTED.value[0]
    sent = rpc_status.to_status(status)
    error = grpc.aio.AioRpcError(
        sent.code,
        grpc.aio.Metadata(),
        grpc.aio.Metadata(*sent.trailing_metadata),
        details=sent.details,
    )
    received = from_rpc_error(error)
    assert isinstance(received, UnavailableError)
    assert (received.code, received.wait) == ("inbox.too_fast", heard)
