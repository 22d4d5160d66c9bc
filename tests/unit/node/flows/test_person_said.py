"""A step says of the person only what is on record."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.node.domain.bodies_return import Withdrawal
from services.node.domain.errors import NotLawfulError
from services.node.flows.person_said import check_withdrawal
from tests.unit.node.flows.grounds import wish

YES = wish().consent
NO = replace(YES, consent_id=b"n" * 16, status="refused")
ENDED = replace(YES, status="withdrawn")


@pytest.mark.parametrize("no", [NO, ENDED])
def test_a_withdrawal_rests_on_a_recorded_no(no):
    check_withdrawal((YES, no), Withdrawal(no.consent_id))


@pytest.mark.parametrize("answers", [(), (YES,), (YES, NO)])
def test_a_withdrawal_that_nobody_recorded_is_refused(answers):
    named = Withdrawal(YES.consent_id)
    with pytest.raises(NotLawfulError) as caught:
        check_withdrawal(answers, named)
    assert caught.value.code == "withdrawal.no_record"
