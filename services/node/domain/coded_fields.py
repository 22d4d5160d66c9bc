"""Local fields of a case file whose values are codes.

Promises, for each such field, the list that its codes are of and the codes in
order. What rests on such a value (whether somebody is a minor, how great a risk is)
must not rest on how somebody spelt it. A value that a peer or an older record has
beside these stays as it is and means nothing more than its words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from services.node.domain.agebands import AGE_BANDS, OLDEST_BAND
from services.node.domain.case_details import RiskLevel, VictimPaper
from services.node.domain.case_states import Minority, PersonStatus
from services.node.domain.coming_of_age import AGE_BAND_FIELD, MINOR_FIELD


class Needed(StrEnum):
    """Whether something is needed; which tongue she speaks has fields of its own."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class CodedField:
    """The list ``words`` that the codes of a field are called by, and the codes."""

    words: str
    codes: tuple[str, ...]


CODED_FIELDS: Mapping[str, CodedField] = MappingProxyType(
    {
        AGE_BAND_FIELD: CodedField(
            "age_band", (*(code for _, code in AGE_BANDS), OLDEST_BAND)
        ),
        MINOR_FIELD: CodedField("minority", tuple(Minority)),
        "local_interpreter_needed": CodedField("needed", tuple(Needed)),
        "local_person_status": CodedField("person_status", tuple(PersonStatus)),
        "local_risk_level": CodedField("risk_level", tuple(RiskLevel)),
        "local_victim_paper_type": CodedField("victim_paper", tuple(VictimPaper)),
    }
)
