"""docs/schema.md names every table, with one sentence and the rights as they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "schema.md"
ROW = re.compile(r"^\| `(\w+)` \| (.*) \| (.*) \|$", re.MULTILINE)

CODES = re.findall(
    r"\w+",
    """
    actor actor_role actor_unit added_by alias answer answerable answered_by
    asked_by asked_unit assigned_by assigned_unit author basis_kind called
    case_pseudonym
    categories category
    changed_by claimed_by code consent_ids created_by deadline deleted disabled_why
    done_by door first_officer from_member given_to grounds holder kept key_scope
    kind known_by language last_problem law listener looks media_type member message
    method moved_by moves_on name officer opened_by origin outcome part_id pause_reason
    peer phase policy_version printed_by priority pseudonym purpose reason recipient
    recorded_by referral_type refusal_code returned_by review reviewed_by revoked_by
    ring rings role scope scopes second_officer sender side signed_by since_step source
    state status step to_member type types unit unsigned_reason until_step url used_on
    what
    """,
)


@pytest.fixture(scope="module")
def listed():
    return {
        table: (sentence, may) for table, sentence, may in ROW.findall(PAGE.read_text())
    }


def test_page_lists_every_table_and_no_other(fresh, listed):
    tables = fresh.as_superuser(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    )
    assert sorted(listed) == sorted(tables.split())


def test_page_says_one_sentence_about_each(listed):
    for table, (sentence, _) in listed.items():
        assert re.fullmatch(r"[A-Z][^.]*\.", sentence), table


def test_page_says_what_the_node_may_change(fresh, listed):
    rights = fresh.as_superuser(
        "SELECT table_name, string_agg(a.attname, ', ' ORDER BY a.attnum) FROM "
        "information_schema.column_privileges AS p INNER JOIN pg_attribute AS a "
        "ON a.attrelid = p.table_name::regclass AND a.attname = p.column_name "
        "WHERE p.grantee = 'lao-cai' AND p.privilege_type = 'UPDATE' GROUP BY 1 "
        "UNION ALL SELECT table_name, 'deletes rows' FROM "
        "information_schema.role_table_grants "
        "WHERE grantee = 'lao-cai' AND privilege_type = 'DELETE'"
    )
    true: dict[str, str] = {}
    for line in rights.splitlines():
        table, may = line.split("|")
        true[table] = f"{true[table]}; {may}" if table in true else may
    said = {table: may for table, (_, may) in listed.items() if may != "nothing"}
    assert said == true


def test_no_column_holds_words_about_a_person_in_clear(fresh):
    """What is no number, instant or bytes is a code, a pseudonym or a member."""
    columns = fresh.as_superuser(
        "SELECT DISTINCT column_name FROM information_schema.columns "
        "WHERE table_schema = 'public' AND data_type NOT IN "
        "('bytea', 'bigint', 'integer', 'smallint', 'boolean', "
        "'timestamp with time zone') AND udt_name <> '_timestamptz'"
    ).split()
    assert sorted(columns) == CODES
