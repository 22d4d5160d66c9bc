"""What a request asks for is judged by what it does, not by its method alone."""

from __future__ import annotations

import pytest

from relais.desk.v1 import case_pb2, referral_pb2
from relais.envelope.v1 import body_pb2
from services.node.domain.case_step_rows import CaseAct
from services.node.domain.documents import DocumentKind
from services.node.domain.errors import NotPermittedError
from services.node.domain.handoff import BODY_OF, Step
from services.node.domain.people import MAY, Officer, Role, check_may
from services.node.domain.rights import CASE_KINDS, PAPER_KINDS, STEP_KINDS, steps_for
from services.node.rpc.kinds_asked import of_case_act, of_step


def test_every_step_act_and_paper_has_a_row() -> None:
    assert set(STEP_KINDS) == set(Step)
    assert set(CASE_KINDS) == set(CaseAct)
    assert set(PAPER_KINDS) == set(DocumentKind)


def test_every_body_in_the_contract_is_of_a_step() -> None:
    kinds = body_pb2.Body.DESCRIPTOR.oneofs_by_name["content"].fields
    assert {each.message_type.name for each in kinds if each.message_type} == {
        body.__name__ for body in BODY_OF.values()
    }


def test_whoever_takes_calls_takes_back_an_offer_and_accepts_none() -> None:
    operator = Officer("o-1", Role.OPERATOR, "calls", active=True)
    recall = referral_pb2.TakeStepRequest()
    recall.body.recall.SetInParent()
    check_may(operator, *of_step(recall))
    accept = referral_pb2.TakeStepRequest()
    accept.body.acceptance.SetInParent()
    with pytest.raises(NotPermittedError) as caught:
        check_may(operator, *of_step(accept))
    assert caught.value.code == "people.role_may_not"
    assert "decision" in str(caught.value)
    both = (Step.RECALL, Step.ACCEPT)
    assert steps_for(both, MAY[Role.OPERATOR]) == (Step.RECALL,)
    assert steps_for(both, MAY[Role.AGENCY_OFFICER]) == both


def test_an_officer_of_an_agency_makes_no_plan() -> None:
    plan = case_pb2.TakeCaseStepRequest(act=CaseAct.PLAN_REINTEGRATION)
    check_may(Officer("m-1", Role.MANAGER, "house", active=True), *of_case_act(plan))
    with pytest.raises(NotPermittedError):
        check_may(
            Officer("g-9", Role.AGENCY_OFFICER, "gate", active=True), *of_case_act(plan)
        )
