"""Of which kind the act is that a request asks for, where its method does not tell.

Promises the row of ``domain/rights`` for a step, an act of a case and a paper. What
a request names wrongly is of the kind of its method alone: the servicer refuses it.
Source: the table of screens and roles in the console's study (§7).
"""

from __future__ import annotations

from typing import Any

from services.node.domain.case_step_rows import CaseAct
from services.node.domain.documents import DocumentKind
from services.node.domain.handoff import BODY_OF
from services.node.domain.people import Act
from services.node.domain.rights import CASE_KINDS, PAPER_KINDS, STEP_KINDS, Kinds

_ANY: Kinds = frozenset({Act.CASE})

# What a step says is of one type in the contract and in the domain, by one name.
_STEP_OF = {body.__name__: step for step, body in BODY_OF.items()}


def of_step(request: Any) -> Kinds:
    """The kinds of the step whose body a request holds."""
    said = request.body.WhichOneof("content")
    if said is None:
        return _ANY
    step = _STEP_OF[getattr(request.body, said).DESCRIPTOR.name]
    # What is the node's own is refused with a reason of its own.
    return STEP_KINDS[step] - {Act.AUTOMATIC} or _ANY


def of_case_act(request: Any) -> Kinds:
    """The kinds of the act of a case that a request names."""
    if request.act not in set(CaseAct):
        return _ANY
    return CASE_KINDS[CaseAct(request.act)]


def of_paper(request: Any) -> Kinds:
    """The kinds of the paper that a request numbers a copy of."""
    if request.kind not in set(DocumentKind):
        return _ANY
    return PAPER_KINDS[DocumentKind(request.kind)]
