"""S7: a case: what it is in, who answered when, what happened, and who looked.

The first page shows nothing that is sealed. What is known about the person is a
page of its own, opened on purpose and kept in the access log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from gateway.console.approvals import ask_closure
from gateway.console.chain import chain_of
from gateway.console.today import PAGE, member_names
from gateway.forms.acts import FIELDS, grouped, read_act
from gateway.forms.event import event_of
from gateway.forms.fields import FormError, Typed, shown, text_of
from gateway.forms.languages import LANGUAGES
from gateway.forms.records import (
    EDITABLE,
    fields_of_category,
    is_free,
    read_record,
    typed_of,
)
from gateway.web.numbers import whole_number
from gateway.web.pages import page, see_other
from gateway.web.refusals import status_of
from gateway.web.visitors import Officer, Sent, SignedIn
from services.node.domain.case_step_rows import CaseAct
from services.node.domain.categories import Category
from services.node.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotLawfulError,
    RelaisError,
)
from services.node.domain.handoff import Step
from services.node.domain.identifiers import new_id
from services.node.domain.records import CategoryRecord
from services.node.domain.tables import VIETNAM
from services.node.domain.versions import (
    FieldMeeting,
    brought_together,
    meetings,
)
from services.node.rpc.desk_values import AssignmentRead, CaseRead, TimelineRead
from services.node.rpc.version_values import VersionRead, VersionsCompared

router = APIRouter(prefix="/cases")

_NEVER = 1970
"""The year of the instant that stands for none."""
_BY_HAND = frozenset(CaseAct) - {CaseAct.OPEN, CaseAct.ACCEPT_OFFER}


@dataclass(frozen=True, slots=True)
class _Met:
    """What two wrote at once: where they differ, and whose version stands."""

    fields: Sequence[FieldMeeting]
    writer: VersionRead | None
    names: Mapping[str, str]


@router.get("")
async def cases(officer: SignedIn, start: int = 0) -> Response:
    """The newest cases, a page at a time: codes, phases, who answers; never a name."""
    first, size = max(start, 0), PAGE * 2
    found = await officer.desk.list_cases(officer.name, size + 1, offset=first)
    return page(
        officer.visitor,
        "cases.html",
        here="/cases",
        cases=found[:size],
        start=first,
        size=size,
        more=len(found) > size,
    )


@router.get("/{code}")
async def show(officer: SignedIn, code: str, done: str = "") -> Response:
    """The case file's first page."""
    case = await officer.desk.get_case(officer.name, code)
    state = await officer.desk.get_case_state(officer.name, code)
    proved = await officer.ledger.prove_case(officer.name, code)
    clocks = await officer.desk.list_clocks(officer.name, code)
    site, words = officer.visitor.site, officer.visitor.words
    # The directory's list is of the others; the chain and what happened have both.
    own = {site.config.member: site.member_name(words.lang)}
    names = await member_names(officer) | own
    return page(
        officer.visitor,
        "case.html",
        here="/cases",
        case=case,
        state=state,
        clocks=[each for each in clocks.clocks if each.stopped_at.year == _NEVER],
        now=clocks.now,
        agreed_until=None if state.agreed_until.year == _NEVER else state.agreed_until,
        acts=grouped(each for each in state.open_acts if each in _BY_HAND),
        chain=chain_of(case, site.config.member),
        names=names,
        broken=proved.faults,
        broken_at={each.index for each in proved.faults},
        verified=frozenset(proved.receipted),
        steps=frozenset(Step),
        timeline=_timeline(case),
        notes={each.event_id: each for each in state.notes},
        assigned=_assigned(case),
        # An id for each: two clocks that go on are two acts.
        events={each.clock_id: new_id().hex() for each in clocks.clocks},
        done=done if done in _BY_HAND else "",
    )


def _timeline(case: CaseRead) -> list[TimelineRead | AssignmentRead]:
    """What happened, and who was to work on it when, the newest first."""
    found: list[TimelineRead | AssignmentRead] = []
    waiting = list(case.assignments)
    for each in case.timeline:
        while waiting and waiting[0].assigned_at < each.happened_at:
            found.append(waiting.pop(0))
        found.append(each)
    return [*found, *waiting][::-1]


def _assigned(case: CaseRead) -> AssignmentRead | None:
    """Who works on it now; None if nobody is assigned it."""
    newest = case.assignments[-1] if case.assignments else None
    return newest if newest is not None and newest.officer else None


@router.get("/{code}/person")
async def person(officer: SignedIn, code: str) -> Response:
    """What is known about the person; the look itself is kept first."""
    case = await officer.desk.get_case(officer.name, code)
    records = await officer.desk.read_records(officer.name, code)
    return page(
        officer.visitor,
        "person.html",
        here="/cases",
        case=case,
        records={each.category: each for each in records},
        categories=EDITABLE,
    )


@router.get("/{code}/person/{category}")
async def ask_record(officer: SignedIn, code: str, category: str) -> Response:
    """The form of one category, with what is known."""
    wanted = known_category(category)
    before, version = await _record(officer, code, wanted)
    return _ask_record(
        officer,
        code,
        wanted,
        before=before,
        based_on=version,
        typed=typed_of(before, officer.visitor.words.names),
    )


@router.post("/{code}/person/{category}")
async def keep_record(
    officer: SignedIn, form: Sent, code: str, category: str
) -> Response:
    """Adds a version; what was known before stays among the versions.

    Where somebody else wrote meanwhile nothing is kept, and both are shown.
    """
    wanted = known_category(category)
    before, _ = await _record(officer, code, wanted)
    # A form that does not say what it was made of rests on nothing.
    based_on = whole_number(text_of(form, "based_on")) or 0
    words = officer.visitor.words
    status = await officer.desk.get_status()
    today = status.case_now.astimezone(VIETNAM).date()
    said_in = text_of(form, "said_in")
    language = said_in if said_in in LANGUAGES else words.lang[:2]
    try:
        record = read_record(
            wanted,
            form,
            before,
            language,
            today,
            words.names,
        )
    except FormError as error:
        typed = {
            **shown(form, fields_of_category(wanted, before)),
            "said_in": language,
        }
        return _ask_record(
            officer,
            code,
            wanted,
            before=before,
            based_on=based_on,
            typed=typed,
            error=error,
        )
    try:
        await officer.desk.add_record(
            officer.name, code, record, based_on=based_on, event_id=event_of(form)
        )
    except ConflictError as error:
        if error.code != "case.record_changed":
            raise
        return await _ask_to_merge(officer, code, record, based_on, language)
    return see_other(f"/cases/{code}/person")


@router.get("/{code}/looks")
async def looks(officer: SignedIn, code: str) -> Response:
    """Who looked at this case, the newest first."""
    found = await officer.forms.list_access(officer.name, code)
    return page(officer.visitor, "looks.html", here="/cases", code=code, looks=found)


@router.get("/{code}/acts/{act}")
async def ask(officer: SignedIn, code: str, act: str) -> Response:
    """The form of one act."""
    return _ask(officer, code, _act(act))


@router.post("/{code}/acts/{act}")
async def take(officer: SignedIn, form: Sent, code: str, act: str) -> Response:
    """Moves the case on; a problem shows the form again with everything typed."""
    wanted = _act(act)
    try:
        details = read_act(wanted, form)
    except FormError as error:
        return _ask(officer, code, wanted, form=form, error=error)
    if wanted is CaseAct.CLOSE:
        try:
            return await ask_closure(officer, code, details, event_of(form))
        except (InvalidInputError, NotLawfulError) as refusal:
            # Perhaps nobody here leads: what was filled in waits until somebody does.
            return _ask(officer, code, wanted, form=form, refusal=refusal)
    await officer.desk.take_case_step(
        officer.name, code, wanted, details, event_id=event_of(form)
    )
    return see_other(f"/cases/{code}?done={wanted}")


def _ask(
    officer: Officer,
    code: str,
    act: CaseAct,
    *,
    form: Typed | None = None,
    error: FormError | None = None,
    refusal: RelaisError | None = None,
) -> Response:
    fields = FIELDS.get(act, ())
    event = "" if form is None else text_of(form, "event")
    wrong = 200 if error is None else 400
    return page(
        officer.visitor,
        "act.html",
        status=wrong if refusal is None else status_of(refusal),
        here="/cases",
        code=code,
        act=act,
        fields=fields,
        typed={} if form is None else shown(form, fields),
        problems={} if error is None else {p.field: p.code for p in error.problems},
        refusal=refusal,
        names={},
        now=None,
        event=event or new_id().hex(),
    )


async def _record(
    officer: Officer, code: str, category: Category
) -> tuple[CategoryRecord | None, int]:
    """What stands of one category, and the number of its version; 0 for nothing."""
    found = await officer.desk.read_case_file(officer.name, code)
    for each, version in zip(found.records, found.versions, strict=True):
        if each.category == category:
            return each, version
    return None, 0


async def _ask_to_merge(
    officer: Officer, code: str, mine: CategoryRecord, based_on: int, said_in: str
) -> Response:
    """The form again: hers, and of what only others changed what stands now."""
    category, name = Category(mine.category), officer.name
    standing, version = await _record(officer, code, category)
    found: VersionsCompared | None = None
    # Taken back by a recall, what she began with is as if it had been nothing.
    for older in dict.fromkeys((based_on, 0)) if version else ():
        try:
            found = await officer.desk.compare_versions(
                name, code, category, older, version
            )
            break
        except NotFoundError:
            continue
    base = found.older.record if found and found.older else None
    merged = brought_together(base, mine, standing)
    return _ask_record(
        officer,
        code,
        category,
        before=standing,
        based_on=version,
        typed={
            **typed_of(merged, officer.visitor.words.names),
            "said_in": said_in,
        },
        met=_Met(
            meetings(base, mine, standing),
            found.newer.version if found else None,
            await member_names(officer),
        ),
    )


def _ask_record(
    officer: Officer,
    code: str,
    category: Category,
    *,
    before: CategoryRecord | None,
    based_on: int,
    typed: Mapping[str, str | list[str]],
    error: FormError | None = None,
    met: _Met | None = None,
) -> Response:
    status = 400 if error is not None else 409 if met is not None else 200
    fields = fields_of_category(category, before)
    return page(
        officer.visitor,
        "record.html",
        status=status,
        here="/cases",
        code=code,
        category=category,
        fields=fields,
        free=any(is_free(each) for each in fields),
        languages_of_texts=LANGUAGES,
        based_on=based_on,
        typed=typed,
        met=None if met is None else met.fields,
        writer=None if met is None else met.writer,
        names={} if met is None else met.names,
        own=officer.visitor.site.config.member,
        problems={} if error is None else {p.field: p.code for p in error.problems},
        event=new_id().hex(),
    )


def known_category(text: str) -> Category:
    """A category that somebody writes; raises NotFoundError for another."""
    if text not in set(EDITABLE):
        raise NotFoundError("console.no_page", "There is no such page here.")
    return Category(text)


def _act(text: str) -> CaseAct:
    if text not in _BY_HAND:
        raise NotFoundError("console.no_page", "There is no such page here.")
    return CaseAct(text)
