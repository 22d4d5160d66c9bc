"""A value that no column holds fails its own act, and the writer goes on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.node.domain.errors import InvalidInputError
from services.node.domain.identifiers import new_id
from services.node.flows.open_case import OpenCase
from tests.store.person import OFFICER

HOME = "lao-cai"


async def test_an_act_that_fits_no_column_is_refused_and_the_next_one_is_written(town):
    own, moment = town.members[HOME].own, town.moment(HOME)
    strange = replace(OFFICER.actor(), unit="de\0sk")
    with pytest.raises(InvalidInputError) as caught:
        await town.act(HOME, OpenCase(own, strange, new_id(), "rescued", (), moment))
    assert caught.value.code == "store.unfit"
    known = OFFICER.actor()
    await town.act(HOME, OpenCase(own, known, new_id(), "rescued", (), moment))
    assert len(await town.rows(HOME, "SELECT case_id FROM cases")) == 1
