"""S4, step 2: where it is decided for the person what is best, the form asks for it.

The node says for whom and who may have decided; what was typed is kept in the form and
goes to a second officer with what is sent.
"""

from __future__ import annotations

from dataclasses import replace

from gateway.forms.referral import Draft
from gateway.web.visitors import Officer
from services.node.rpc.desk_values import OfferChecked


async def known_concern(officer: Officer, draft: Draft) -> Draft:
    """The draft with what the case file says, before anything of it is written."""
    state = await officer.desk.get_case_state(officer.name, draft.case)
    return _with(draft, state.best_interests_for, state.best_interests_deciders)


def checked_concern(draft: Draft, checked: OfferChecked) -> Draft:
    """The draft with what the node says of it and of the answer that it holds."""
    return _with(draft, checked.best_interests_for, checked.best_interests_deciders)


def _with(draft: Draft, concern: str, deciders: tuple[str, ...]) -> Draft:
    return replace(draft, concern=concern, deciders=deciders)
