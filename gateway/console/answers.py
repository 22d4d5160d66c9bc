"""S7, consent: what the person answered, and taking a yes back.

What was opened without her yes in an emergency stands above it (``overrides``).

Before anything is recorded the page says what it does: who is told, what closes
there, what cannot be undone. Afterwards each no says who acknowledged it and who
has not yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from fastapi import APIRouter
from starlette.responses import Response

from gateway.console.today import member_names
from gateway.forms.event import event_of
from gateway.forms.fields import FormError, Typed, shown, text_of
from gateway.forms.said import read_withdrawal, withdrawal_fields
from gateway.web.pages import page, see_other
from gateway.web.visitors import Officer, Sent, SignedIn
from gateway.words.receipts import said_to_the_person
from services.node.domain.consent import Standing
from services.node.domain.consent_codes import FAMILY, ConsentStatus
from services.node.domain.errors import (
    InvalidInputError,
    NotFoundError,
    NotLawfulError,
    RelaisError,
)
from services.node.domain.identifiers import new_id
from services.node.domain.records import ConsentCopy
from services.node.rpc.consent_values import AnswersRead, StandingRead
from services.node.rpc.desk_receipts import ReceiptRead

router = APIRouter(prefix="/cases")
_DONE = frozenset({"withdrawal", "review"})


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer; how what it says stands now, and what became of it if it is a no.

    ``readable`` are the categories that the recipient may read by it now, ``left``
    those that can still be taken back. ``told`` is the receipt as it is said to the
    person, in the language of her answer if there are words in it (``told_in``).
    """

    record: ConsentCopy
    standings: tuple[StandingRead, ...]
    receipt: ReceiptRead | None
    told: tuple[str, ...] = ()
    told_in: str = ""

    @property
    def readable(self) -> tuple[str, ...]:
        """What stands as a yes."""
        return tuple(
            each.category for each in self.standings if each.standing == Standing.YES
        )

    @property
    def left(self) -> tuple[str, ...]:
        """What is not a no yet; a yes that ran out is not one either."""
        return tuple(
            each.category for each in self.standings if each.standing != Standing.NO
        )


@router.get("/{code}/answers")
async def answers(officer: SignedIn, code: str, done: str = "") -> Response:
    """What the person agreed to and refused, the newest first."""
    found = await officer.desk.list_consents(officer.name, code)
    receipts: dict[bytes, ReceiptRead] = {}
    if any(each.status != ConsentStatus.GIVEN for each in found.consents):
        noes = await officer.desk.read_receipts(officer.name, code)
        receipts = {each.consent_id: each for each in noes}
    names = await _names(officer)
    given = (_answered(each, found, receipts) for each in reversed(found.consents))
    return page(
        officer.visitor,
        "answers.html",
        here="/cases",
        code=code,
        answers=[_read_out(officer, each, names) for each in given],
        overrides=found.overrides[::-1],
        now=(await officer.desk.get_status()).case_now,
        names=names,
        done=done if done in _DONE else "",
    )


@router.get("/{code}/answers/{number}/withdrawal")
async def ask_withdrawal(officer: SignedIn, code: str, number: str) -> Response:
    """What taking it back does, and the form that does it."""
    return await _ask(officer, code, await _held(officer, code, number))


@router.post("/{code}/answers/{number}/withdrawal")
async def withdraw(officer: SignedIn, form: Sent, code: str, number: str) -> Response:
    """Records it; whoever got something is told by the node itself."""
    held = await _held(officer, code, number)
    fields = withdrawal_fields(held.record.categories, held.record.language)
    try:
        asked = read_withdrawal(form, fields, held.record.consent_id)
        await officer.desk.withdraw_consent(
            officer.name, code, asked, event_id=event_of(form)
        )
    except (FormError, InvalidInputError, NotLawfulError) as error:
        return await _ask(officer, code, held, form=form, error=error)
    return see_other(f"/cases/{code}/answers?done=withdrawal")


async def _ask(
    officer: Officer,
    code: str,
    held: Answered,
    *,
    form: Typed | None = None,
    error: FormError | RelaisError | None = None,
) -> Response:
    record = held.record
    fields = withdrawal_fields(held.left, record.language)
    typed: Mapping[str, str | list[str]] = {
        "withdraw_categories": list(held.left),
        "withdraw_who": record.subject,
        "withdraw_language": record.language,
    }
    event = "" if form is None else text_of(form, "event")
    problems = error.problems if isinstance(error, FormError) else ()
    return page(
        officer.visitor,
        "withdrawal.html",
        status=200 if error is None else 400,
        here="/cases",
        code=code,
        record=record,
        left=held.left,
        foreseen=await officer.desk.check_withdrawal(
            officer.name, code, record.consent_id, held.left
        ),
        fields=fields,
        typed=typed if form is None else shown(form, fields),
        problems={each.field: each.code for each in problems},
        refusal=error if isinstance(error, RelaisError) else None,
        names=await _names(officer),
        event=event or new_id().hex(),
    )


async def _held(officer: Officer, code: str, number: str) -> Answered:
    """The yes that is named; raises NotFoundError for anything else."""
    found = await officer.desk.list_consents(officer.name, code)
    for each in found.consents:
        if each.status == ConsentStatus.GIVEN and each.consent_id.hex() == number:
            return _answered(each, found, {})
    raise NotFoundError("console.no_page", "There is no such page here.")


def _answered(
    record: ConsentCopy, found: AnswersRead, receipts: Mapping[bytes, ReceiptRead]
) -> Answered:
    given = record.status == ConsentStatus.GIVEN
    return Answered(
        record,
        tuple(
            each
            for each in found.standings
            if given and each.consent_id == record.consent_id
        ),
        None if given else receipts.get(record.consent_id),
    )


def _read_out(officer: Officer, each: Answered, names: Mapping[str, str]) -> Answered:
    if each.receipt is None:
        return each
    own = officer.visitor.words.lang
    words = officer.visitor.site.languages.choose(each.record.language, own)
    told = said_to_the_person(words, each.receipt, names)
    return replace(each, told=told, told_in=words.lang)


async def _names(officer: Officer) -> dict[str, str]:
    """What members are called, and the family, who is none."""
    family = officer.visitor.words.code("consent_recipient", FAMILY)
    return await member_names(officer) | {FAMILY: family}
