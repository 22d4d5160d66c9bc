"""What an auditor gets of answerability comes back as it was said."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.node.domain.errors import InvalidInputError
from services.node.wire.answerability import (
    CaseAnswerability,
    NodeNow,
    Period,
    ReferralEnd,
    Wait,
    decode_response,
    to_response,
)

AT = datetime(2018, 3, 5, 1, tzinfo=UTC)
OPEN = Period(b"e" * 16, AT, "case_opened", "", None, None, "", "", True, True)
ENDED = Period(
    b"e" * 16, AT, "release", "hanoi", b"f" * 16, AT, "release", "son-la", False, True
)
WAIT = Wait("released", "accept", AT, AT)
CASE = CaseAnswerability(
    "R-7F3K-92Q8",
    "answerable",
    (ENDED, OPEN),
    (ReferralEnd(b"o" * 16, "giver", "son-la", "accepted", (WAIT,)),),
)


@pytest.mark.parametrize(
    "item", [NodeNow("lao-cai", AT, AT), CASE], ids=["now", "case"]
)
def test_every_item_comes_back_as_it_was(item) -> None:
    assert decode_response(to_response(item).SerializeToString()) == item


@pytest.mark.parametrize(
    ("raw", "code"),
    [(b"\xff", "wire.malformed"), (b"", "wire.unknown_content")],
)
def test_what_is_no_item_is_refused(raw, code) -> None:
    with pytest.raises(InvalidInputError) as caught:
        decode_response(raw)
    assert caught.value.code == code
