"""Which kinds may hold which functions."""

from __future__ import annotations

import pytest

from services.node.domain.errors import InvalidInputError
from services.node.domain.functions import Function, Kind, parse_functions


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        (Kind.PROVINCE, ["PROVINCE_SOCIAL"]),
        (Kind.SHELTER, ["VICTIM_SUPPORT_EST"]),
        (Kind.LIAISON, ["FOREIGN_LIAISON"]),
        (Kind.HOTLINE, ["HOTLINE"]),
        (Kind.AGENCY, ["BORDER_GUARD"]),
        (Kind.AGENCY, ["POLICE"]),
        (Kind.AGENCY, ["MISSION"]),
        (Kind.MINISTRY, ["FOCAL_MINISTRY", "MINISTRY_STATS"]),
    ],
)
def test_a_kind_holds_its_functions(kind: Kind, codes: list[str]) -> None:
    assert parse_functions(kind, codes) == {Function(code) for code in codes}


@pytest.mark.parametrize(
    ("kind", "codes", "code"),
    [
        (Kind.SHELTER, ["POLICE"], "functions.not_of_kind"),
        (Kind.HOTLINE, ["PROVINCE_SOCIAL"], "functions.not_of_kind"),
        (Kind.MINISTRY, ["DONOR"], "functions.not_of_kind"),
        (Kind.PROVINCE, ["WIZARD"], "functions.unknown"),
        (Kind.PROVINCE, [], "functions.none"),
    ],
)
def test_a_kind_cannot_hold_anything_else(
    kind: Kind, codes: list[str], code: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_functions(kind, codes)
    assert caught.value.code == code


def test_nobody_holds_the_donors_function() -> None:
    for kind in Kind:
        with pytest.raises(InvalidInputError):
            parse_functions(kind, ["DONOR"])
