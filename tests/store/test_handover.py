"""The digits of one handover may be tried so often, by all officers together."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.node.domain.bodies_return import Countersignature
from services.node.domain.errors import RelaisError
from services.node.domain.identifiers import new_id
from tests.store.lodge import COLLEAGUE, OFFICER

NOW = datetime(2026, 3, 2, tzinfo=UTC)
BY_CODE = Countersignature(
    bytes(32), NOW, 1, "match", giver_known_by="code", handover_code="000000"
)
BY_TELEPHONE = Countersignature(bytes(32), NOW, 1, "match", giver_known_by="telephone")


async def test_digits_are_tried_five_times_and_then_the_giver_is_called(lodge):
    async def answer(referral, body, who=OFFICER.pseudonym):
        with pytest.raises(RelaisError) as refused:
            await lodge.desk.take_step(who, referral, body)
        return refused.value.code

    one, another = new_id(), new_id()
    tried = [await answer(one, BY_CODE) for _ in range(7)]
    # Time passes between two tries, and lets one more through.
    assert tried[:5] == ["referral.unknown"] * 5
    assert tried[6:] == ["asked.too_fast"]
    assert await answer(one, BY_CODE, COLLEAGUE.pseudonym) == "asked.too_fast"
    assert await answer(one, BY_TELEPHONE) == "referral.unknown"
    assert await answer(another, BY_CODE) == "referral.unknown"
