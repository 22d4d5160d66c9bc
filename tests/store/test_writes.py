"""Everything that an act can write, written by the node's own role in one batch."""

from __future__ import annotations

import inspect

from services.node.domain.both_sign import HandoverWord
from services.node.flows.batch import write_batch
from services.node.store import (
    approvals,
    arrivals,
    asked,
    attachments,
    case_states,
    drafts,
    handover_words,
    mailbox,
    recalls,
    reports,
    statements,
    timers,
    writes,
)
from services.node.store.approvals import AnswerRow, ApprovalRow
from services.node.store.attachments import NewAttachment
from services.node.store.case_states import CaseStateRow, MinorRow, PlanRow
from services.node.store.mailbox import NewLetter
from services.node.store.rows import ConsentRow, DraftRow, OverrideRow
from services.node.store.statements import Noted, Said
from services.node.store.writes import WRITE_ORDER, Write


def a_consent(made, case):
    return ConsentRow(
        made.id(),
        case.case_id,
        "lao-cai",
        "reception",
        "yen-bai",
        ["D0"],
        "refused",
        made.now,
        made.now,
        b"n",
        b"s",
    )


def an_override(made, case):
    return OverrideRow(
        made.id(),
        case.case_id,
        *("yen-bai", "reception", "D4", "law", "officer-1", "officer-2"),
        *(made.now, made.now),
        None,
        None,
        None,
        b"n",
        b"s",
    )


def of_two(made, case, event):
    """An approval that was asked for, given and used."""
    asked, at = made.id(), made.now
    return [
        approvals.insert_approval_use(asked, event.event_id, at),
        approvals.insert_approval_answer(
            AnswerRow(asked, made.id(), "approved", "officer-2", at, b"n", b"s")
        ),
        approvals.insert_approval(
            ApprovalRow(
                asked,
                "override",
                case.case_id,
                case.pseudonym,
                made.digest(),
                "officer-1",
                "cases",
                at,
                at,
                b"n",
                b"s",
            )
        ),
    ]


def of_recalls(made, case, referral, event, consent):
    """What went out, what is owed for it, and the keys that go."""
    return [
        recalls.insert_disclosure(
            recalls.DisclosureRow(
                referral.referral_id,
                case.case_id,
                "yen-bai",
                "reception_shelter",
                "D2",
                "consent",
                consent.consent_id,
                made.now,
            )
        ),
        recalls.insert_consent_copy(
            referral.referral_id, case.case_id, consent.consent_id
        ),
        recalls.insert_recall_due(
            recalls.RecallDueRow(
                made.id(),
                referral.referral_id,
                case.case_id,
                event.event_id,
                "consent_withdrawn",
                [consent.consent_id],
                ["D2"],
                False,
                made.now,
            )
        ),
        recalls.insert_recall_taken(
            recalls.RecallTakenRow(
                made.id(), made.id(), referral.referral_id, ["D2"], [], [], made.now
            )
        ),
        recalls.drop_data_key(case.case_id, "D2", event.event_id, made.now),
        recalls.seal_data_key(case.case_id, "D3", "kept:D3"),
    ]


def of_attachments(made, case, referral, sealed):
    """One that an offer encloses, and its release."""
    added, remote = made.id(), made.id()
    return [
        attachments.release_attachment(remote, sealed),
        attachments.insert_attachment_out(
            remote, added, referral.referral_id, "yen-bai"
        ),
        attachments.insert_attachment(
            NewAttachment(
                added,
                case.case_id,
                "D2",
                "D2",
                "lao-cai",
                "officer-1",
                made.now,
                "image/jpeg",
                1,
                "whole",
                None,
                None,
                None,
                sealed,
            )
        ),
    ]


def inside_a_case(made, case, event, sealed):
    return [
        case_states.insert_case_state(
            CaseStateRow(
                event.event_id,
                case.case_id,
                "reception",
                "notified",
                None,
                None,
                made.now,
                *sealed,
            )
        ),
        case_states.insert_minor(
            MinorRow(
                event.event_id,
                case.case_id,
                "R-7F3K-92QX",
                made.now,
                "officer-1",
                *sealed,
            )
        ),
        case_states.insert_plan(
            PlanRow(event.event_id, case.case_id, made.now, "officer-1", *sealed)
        ),
        case_states.close_answerability(made.id(), made.now),
    ]


def of_letters(made):
    """One letter comes to the mailbox, and another goes."""
    letter = NewLetter(
        made.digest(), "yen-bai", "lao-cai", b"label", b"sealed", 6, made.now
    )
    return [
        mailbox.insert_mailbox_entry(made.digest(), "relayed", "lao-cai", made.now),
        mailbox.delete_mailbox_letter(made.digest()),
        mailbox.insert_mailbox_letter(letter),
        asked.insert_asked(made.digest(), 1, bytes(60)),
    ]


def of_statements(made, sent, arrived):
    """What is said of a day, and what another said."""
    said = Said("yen-bai", 9, 1, 11, sent.digest, 2, made.digest())
    noted = Noted("yen-bai", 9, 1, arrived.digest, 2, 1, True, made.now, made.now)
    return [
        statements.insert_statement_received(noted),
        statements.insert_statement_sent(said),
    ]


def one_of_each(made, case, referral, event, draft_id):
    """One execution of every query of a batch, in no good order."""
    sent, arrived = made.sent(event), made.received()
    consent, override = a_consent(made, case), an_override(made, case)
    sealed = (b"n", b"s")
    return [
        writes.insert_directory_head(1, made.digest(), b"note"),
        writes.insert_directory_leaf(0, b"leaf"),
        writes.confirm_draft(draft_id, case.case_id),
        reports.insert_disclosure_report(
            arrived.digest,
            arrived.sender,
            referral.referral_id,
            "release",
            "disclosure.no_basis",
            ["D2", "D5"],
            made.now,
        ),
        *of_statements(made, sent, arrived),
        writes.insert_envelope_received(arrived),
        writes.destroy_part_keys(referral.referral_id),
        writes.insert_part_key(
            made.id(), sent.envelope_id, "p1", "D0", made.id(), sealed
        ),
        *writes.insert_envelope_sent(sent, made.now),
        *of_letters(made),
        writes.apply_refusal(sent.digest),
        writes.review_override(override.override_id, made.now, "officer-3", "ok"),
        writes.insert_override(override),
        *of_two(made, case, event),
        handover_words.insert_handover_word(
            event.event_id, referral.referral_id, made.now, HandoverWord("telephone")
        ),
        writes.insert_consent(consent),
        *clocks(made, referral, event),
        *of_recalls(made, case, referral, event, consent),
        *of_attachments(made, case, referral, sealed),
        writes.use_up_seq(referral.referral_id, 1),
        writes.update_referral(referral),
        writes.insert_referral(referral),
        writes.end_answerability(
            case.case_id, event.event_id, made.now, "release", "yen-bai", made.id()
        ),
        writes.begin_answerability(
            case.case_id, made.id(), made.now, "case_opened", ""
        ),
        writes.insert_record(
            1, case.case_id, "D0", "lao-cai", made.now, "officer-1", sealed
        ),
        case_states.insert_follow_up(
            2, case.case_id, "D11", ("lao-cai", made.now, "officer-1"), sealed
        ),
        writes.insert_alias(case.case_id, "yen-bai", referral.alias),
        *inside_a_case(made, case, event, sealed),
        writes.update_case(case),
        writes.insert_case(case),
        writes.insert_data_key(made.key(case.case_id)),
    ]


def clocks(made, referral, event):
    """A clock that rang once, stood still and went on; no three found nobody."""
    timer, at = made.timer(referral, event.event_id), made.now
    refused = made.timer(referral, event.event_id)
    return [
        arrivals.expect_arrival(referral.referral_id, at),
        timers.end_timer_pause(timer.timer_id, event.event_id, at),
        timers.resume_timer(timer.timer_id, at),
        timers.insert_timer_pause(timer.timer_id, event.event_id, "court", at),
        timers.pause_timer(timer.timer_id, at, "court"),
        timers.insert_timer_ring(timer.timer_id, 0, timer.rings[0], event.event_id, at),
        timers.ring_timer(timer.timer_id, 0),
        timers.insert_timer_after_refusals(refused, "reception", 3),
        timers.insert_timer_of_first_transfer(refused, referral.peer),
        timers.stop_clocks_of_case(referral.case_id, ["other"], at, made.id()),
        timers.stop_timers_named([made.id()], at, made.id()),
        timers.insert_timer(timer),
        timers.start_again(referral.referral_id, made.id()),
        timers.stop_started(referral.referral_id, made.id(), at, made.id()),
        timers.stop_timers(referral.referral_id, ["other"], at, made.id()),
        timers.stop_case_timers(referral.case_id, ["other"], at, made.id()),
    ]


async def a_draft(database, made):
    draft_id = made.id()
    key = made.key(draft_id, "draft")
    draft = DraftRow(
        draft_id,
        made.digest(),
        "officer-1",
        "draft",
        True,
        made.now,
        None,
        key.key_id,
        b"n",
        b"s",
        1,
        key.wrapped,
    )
    async with database.connection() as connection:
        return await drafts.insert_draft(connection, key, draft)


async def test_node_writes_everything_that_an_act_can_write(founded, made, signer):
    case = made.case()
    referral = made.referral(case_id=case.case_id)
    event = made.event(
        referral_id=referral.referral_id,
        referral_no=1,
        case_id=case.case_id,
        case_seq=1,
        subject=made.digest(),
    )
    draft_id = await a_draft(founded, made)
    each = one_of_each(made, case, referral, event, draft_id)
    assert {write.query for write in each} == set(WRITE_ORDER)
    written = await write_batch(founded, signer, [made.plan(*each, event=event)])
    assert written.indexes == (0,)
    async with founded.connection() as connection:
        for table, rows in (
            ("cases", 1),
            ("case_alias", 1),
            ("case_record", 2),
            ("answerability", 1),
            ("referral", 1),
            ("arrival_expected", 1),
            ("timer", 1),
            ("timer_ring", 1),
            ("timer_pause", 1),
            ("event", 1),
            ("envelope_sent", 1),
            ("outbox", 1),
            ("envelope_received", 1),
            ("disclosure_report", 1),
            ("statement_sent", 1),
            ("statement_received", 1),
            ("part_key", 1),
            ("consent", 1),
            ("disclosure", 1),
            ("consent_copy", 1),
            ("recall_due", 1),
            ("recall_taken", 1),
            ("key_drop", 0),
            ("approval", 1),
            ("approval_answer", 1),
            ("approval_use", 1),
            ("handover_word", 1),
            ("emergency_override", 1),
            ("draft_case", 1),
            ("case_state", 1),
            ("accompanying_minor", 1),
            ("case_plan", 1),
            ("asked_act", 1),
            ("mailbox_letter", 1),
            ("mailbox_entry", 1),
            ("directory_leaf", 1),
            ("directory_head", 1),
        ):
            found = await connection.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608
            assert found == rows, table


def test_every_query_of_a_batch_has_one_function_that_writes_it():
    makers = [
        name
        for module in (
            *(writes, approvals, arrivals, asked, attachments, case_states),
            *(handover_words, mailbox, recalls, reports, statements, timers),
        )
        for name, value in inspect.getmembers(module, inspect.isfunction)
        if "Write" in str(inspect.signature(value).return_annotation)
    ]
    assert {*makers, "insert_outbox"} == set(WRITE_ORDER)
    assert len(set(makers)) == len(makers)


def test_write_shows_no_value_of_a_person():
    """What is written is sealed or a code; the arguments hold nothing else."""
    assert Write.__slots__ == ("query", "arguments")
