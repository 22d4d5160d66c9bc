"""Every act of a case stands once under what it is for."""

from __future__ import annotations

from gateway.forms.acts import GROUPS, ONWARD, ORDER, grouped
from services.node.domain.case_step_rows import CaseAct


def test_no_act_is_lost_or_told_twice():
    held = [act for _, acts in grouped(CaseAct) for act in acts]
    assert sorted(held) == sorted(CaseAct)
    assert {*GROUPS, ONWARD} == set(ORDER)


def test_groups_keep_their_order_and_an_empty_one_has_no_heading():
    assert grouped([CaseAct.CLOSE, CaseAct.NAME_GUARDIAN, CaseAct.PLACE]) == [
        ("care", [CaseAct.PLACE]),
        ("child", [CaseAct.NAME_GUARDIAN]),
        ("file", [CaseAct.CLOSE]),
    ]
    assert grouped([]) == []
