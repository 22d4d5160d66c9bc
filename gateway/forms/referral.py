"""A referral while somebody writes it: kept at the node, page after page.

Promises: what was typed on one page is there on the next visit, whoever's screen
locked meanwhile; a form of another version is begun anew and breaks nothing.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any

from gateway.forms.fields import (
    Field,
    FieldProblem,
    FormError,
    Typed,
    Widget,
    read_fields,
    text_of,
)
from gateway.forms.languages import LANGUAGES
from gateway.forms.said import CONSENT_FIELDS, read_consent
from services.node.domain.arrivals import LONGEST_HOURS, ContactFunction
from services.node.domain.best_interests import UNNAMED, BestInterests, Factor
from services.node.domain.bodies import Offer
from services.node.domain.constraints import Constraint
from services.node.domain.identifiers import new_id
from services.node.domain.offices import is_phone
from services.node.domain.records import ConsentCopy
from services.node.domain.referrals import PURPOSE_OF, Priority, ReferralType
from services.node.domain.second_person import Sending

KIND = "referral"
"""What forms of this kind are called at the node."""

PAGES = ("need", "where", "show", "answer", "interests", "callback", "check")
"""The pages in order: what, whom, what they would see, the person's answer, what is
best where somebody decides it, by when and whom to ring, check.

The person is asked about exactly that, so it is known before she is asked.
"""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known so far; empty where nobody said it yet."""

    case: str
    referral_type: str = ""
    priority: str = ""
    services: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    """What whoever receives has to keep to, as codes."""
    need: str = ""
    need_language: str = ""
    recipient: str = ""
    categories: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    """Files of the case that go with their categories, in hex."""
    answer: tuple[tuple[str, tuple[str, ...]], ...] = ()
    event: str = ""
    instead_of: str = ""
    """The referral that came back and for which this one is made, in hex."""
    approval: str = ""
    """The second officer's approval that was asked for exactly this, in hex."""
    concern: str = ""
    """For whom it is decided what is best (child or unable), as the node says."""
    deciders: tuple[str, ...] = ()
    """Who may have decided it."""
    considered: tuple[str, ...] = ()
    best_reasons: str = ""
    best_language: str = ""
    decided_by: str = ""
    answer_by: str = ""
    """By when an answer is asked for, as it was typed: ISO 8601, in Viet Nam."""
    callback_function: str = ""
    callback_phone: str = ""
    callback_hours: str = ""

    @property
    def pages(self) -> tuple[str, ...]:
        """The pages that this one has; nothing goes out after a no."""
        left_out = set() if self.decided else {"interests"}
        left_out |= {"callback"} if self.refused else set()
        return tuple(each for each in PAGES if each not in left_out)

    @property
    def refused(self) -> bool:
        """Whether the person said no."""
        return dict(self.answer).get("answer") == ("refused",)

    @property
    def decided(self) -> bool:
        """Whether somebody decides what is best; nothing is sent after a no."""
        named = bool(self.concern) and self.referral_type not in UNNAMED
        return named and not self.refused

    def best_interests(self) -> BestInterests | None:
        """Why it is best; None where nobody decides it for the person."""
        if not self.decided:
            return None
        return BestInterests(
            self.considered, self.best_reasons, self.best_language, self.decided_by
        )

    @property
    def purpose(self) -> str:
        """What the person is asked about."""
        return PURPOSE_OF[ReferralType(self.referral_type)]

    def offer(self) -> Offer:
        """The offer; the node fills in the minimal profile."""
        return Offer(
            referral_type=self.referral_type,
            priority=self.priority,
            services=self.services,
            age_band="",
            sex="",
            languages=(),
            constraints=self.constraints,
            need=self.need,
            need_language=self.need_language if self.need else "",
            basis_ids=(),
            answer_by=_typed_instant(self.answer_by),
            contact_function=self.callback_function,
            contact_phone=self.callback_phone,
            contact_hours=self.callback_hours,
        )

    def sending(self, offer: Offer) -> Sending:
        """What a second officer reads: ``offer`` as the node completed it."""
        files = tuple(bytes.fromhex(each) for each in self.files)
        return Sending(
            self.recipient,
            offer,
            self.categories,
            files,
            best_interests=self.best_interests(),
        )

    def consent(self, now: datetime) -> ConsentCopy:
        """The person's answer to exactly this; raises FormError."""
        return read_consent(
            Said(dict(self.answer)), self.purpose, self.recipient, self.categories, now
        )

    def complete_until(self) -> str:
        """The first page on which something is still missing."""
        if not (self.referral_type and self.priority):
            return "need"
        if not self.recipient:
            return "where"
        if not self.categories:
            return "show"
        if not self.answer:
            return "answer"
        said = self.considered and self.best_reasons and self.best_language
        whole = said and self.decided_by in self.deciders
        return "interests" if self.decided and not whole else "check"

    def asked_anew(self) -> Draft:
        """The same need, once this recipient got a no: another may be asked."""
        return replace(
            self.weighed_anew(),
            recipient="",
            categories=(),
            files=(),
            answer=(),
            approval="",
            event=new_id().hex(),
            # The hour was weighed for the one who got the no, and runs out meanwhile.
            answer_by="",
        )

    def weighed_anew(self) -> Draft:
        """The same, but what is best is asked again: it was weighed for another one."""
        return replace(
            self, considered=(), best_reasons="", best_language="", decided_by=""
        )


@dataclass(frozen=True, slots=True)
class Said:
    """Fields that were kept, read as a form."""

    values: dict[str, tuple[str, ...]]

    def get(self, key: str, /) -> object:
        """The last value of a key."""
        found = self.values.get(key, ())
        return found[-1] if found else None

    def getlist(self, key: str, /) -> tuple[str, ...]:
        """Every value of a key."""
        return self.values.get(key, ())


def need_fields(types: tuple[str, ...], services: tuple[str, ...]) -> tuple[Field, ...]:
    """What is asked for, how soon, and the need in words."""
    return (
        Field("referral_type", Widget.CHOICE, types, "referral_type"),
        Field("priority", Widget.CHOICE, tuple(Priority), "priority"),
        Field("services", Widget.CHOICES, services, "service", optional=True),
        Field(
            "constraints",
            Widget.CHOICES,
            tuple(Constraint),
            "constraint",
            optional=True,
        ),
        Field("need", Widget.LONG_TEXT, optional=True),
        Field("need_language", Widget.CHOICE, LANGUAGES, "tongue", optional=True),
    )


def recipient_fields(members: tuple[str, ...]) -> tuple[Field, ...]:
    """Whom to ask."""
    return (Field("recipient", Widget.MEMBER, members, "member"),)


def category_fields(
    offered: tuple[str, ...], files: tuple[str, ...] = ()
) -> tuple[Field, ...]:
    """What the other member would be shown once it has accepted."""
    asked = Field("categories", Widget.CHOICES, offered, "category")
    if not files:
        return (asked,)
    return asked, Field("files", Widget.CHOICES, files, "file", optional=True)


def interests_fields(deciders: tuple[str, ...]) -> tuple[Field, ...]:
    """What was considered of what is best for the person, and who decided."""
    return (
        Field("considered", Widget.CHOICES, tuple(Factor), "best_factor"),
        Field("best_reasons", Widget.LONG_TEXT),
        Field("best_language", Widget.CHOICE, LANGUAGES, "tongue"),
        Field("decided_by", Widget.CHOICE, deciders, "best_decider"),
    )


ANSWER_BY = Field("answer_by", Widget.INSTANT, optional=True)
CALLBACK_FIELDS = (
    ANSWER_BY,
    Field(
        "callback_function",
        Widget.CHOICE,
        tuple(ContactFunction),
        "contact_function",
        optional=True,
    ),
    Field("callback_phone", Widget.TEXT, optional=True),
    Field("callback_hours", Widget.TEXT, optional=True),
)
"""By when an answer is needed, and whom to ring: nothing of it is demanded."""


def with_callback(
    draft: Draft, form: Typed, now: datetime, latest: datetime | None
) -> Draft:
    """The draft with what that page asked; raises FormError with every problem.

    An answer is asked for after ``now`` and not after ``latest``, as the page says;
    None where the rules named no limit.
    """
    values = read_fields(CALLBACK_FIELDS, form)
    named = {name: bool(values[name]) for name in values if name != "answer_by"}
    problems = [
        FieldProblem(name, "goes_with")
        for name in ("callback_function", "callback_phone")
        if any(named.values()) and not named[name]
    ]
    if named["callback_phone"] and not is_phone(str(values["callback_phone"])):
        problems.append(FieldProblem("callback_phone", "no_phone"))
    if len(str(values["callback_hours"])) > LONGEST_HOURS:
        problems.append(FieldProblem("callback_hours", "too_long"))
    asked = values["answer_by"]
    if isinstance(asked, datetime) and asked <= now:
        problems.append(FieldProblem("answer_by", "hour_passed"))
    if isinstance(asked, datetime) and latest is not None and asked > latest:
        problems.append(FieldProblem("answer_by", "hour_too_late"))
    if problems:
        raise FormError(problems)
    said: dict[str, Any] = {
        field.name: text_of(form, field.name) for field in CALLBACK_FIELDS
    }
    return replace(draft, **said)


def _typed_instant(typed: str) -> datetime | None:
    found = read_fields((ANSWER_BY,), Said({ANSWER_BY.name: (typed,)}))[ANSWER_BY.name]
    return found if isinstance(found, datetime) else None


def check_files(draft: Draft, category_of: dict[str, str]) -> None:
    """Raise FormError where a file is to go without its category."""
    if any(category_of.get(each) not in draft.categories for each in draft.files):
        raise FormError((FieldProblem("files", "without_category"),))


def with_fields(draft: Draft, asked: tuple[Field, ...], form: Typed) -> Draft:
    """The draft with what a page asked; raises FormError with every problem."""
    values: dict[str, Any] = dict(read_fields(asked, form))
    return replace(draft, **values)


def still_holding(before: Draft, changed: Draft) -> Draft:
    """``changed`` without what was said for what ``before`` asked, of whom."""
    if changed.referral_type != before.referral_type:
        # Another request goes to others, and the person has to be asked anew.
        changed = replace(changed, recipient="")
    if changed.recipient != before.recipient:
        anew = changed.weighed_anew()
        return replace(anew, categories=(), files=(), answer=())
    if set(changed.categories) != set(before.categories):
        # A yes holds for what she was asked about.
        return replace(changed, answer=())
    return changed


def with_answer(draft: Draft, form: Typed, now: datetime) -> Draft:
    """The draft with the person's answer; raises FormError with every problem."""
    read_consent(form, draft.purpose, draft.recipient, draft.categories, now)
    answer = tuple(
        (field.name, tuple(map(str, form.getlist(field.name))))
        if field.widget is Widget.CHOICES
        else (field.name, (text_of(form, field.name),))
        for field in CONSENT_FIELDS
    )
    return replace(draft, answer=answer)


def to_bytes(draft: Draft) -> bytes:
    """As the node keeps it."""
    return json.dumps(asdict(draft)).encode()


def from_bytes(raw: bytes) -> Draft:
    """The draft as it was kept; what this version does not know is left out."""
    found = json.loads(raw)
    known = {each.name for each in fields(Draft)}
    values = {name: _tuples(value) for name, value in found.items() if name in known}
    return Draft(**values)


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
