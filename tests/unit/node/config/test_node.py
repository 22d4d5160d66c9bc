from __future__ import annotations

from pathlib import Path

import pytest

from services.node.config.node import KINDS, load_node_config
from services.node.domain.errors import ConfigError

TABLES = (
    "access_log, case_clock, database, directory, gateway, guard, keys, limits, "
    "local, log, mailbox, member, peers, webhooks"
)
DATABASE_KEYS = "host, name, password_file, pool_size, port, user, wait_seconds"
WHOLE = """
[member]
name = "lao-cai"
kind = "province"
network = "vietnam.relais.invalid"

[peers]
listen = "127.0.0.1:7443"

[local]
socket = "run/local.sock"

[database]
host = "/run/postgresql"
name = "lao-cai"
user = "lao-cai"
password_file = "keys/database.password"

[keys]
folder = "keys"

[directory]
file = "directory.bin"
fingerprint = "abcd-efgh-ijkl"

[guard]
paths = ["guard-a/head", "guard-b/head"]
"""


@pytest.fixture
def load(tmp_path: Path):
    def write_and_load(text: str):
        file = tmp_path / "node.toml"
        file.write_text(text, encoding="utf-8")
        return load_node_config(file)

    return write_and_load


def problems_of(load, text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as refused:
        load(text)
    return refused.value.problems


def test_config_fills_in_the_documented_defaults(load):
    config = load(WHOLE)
    assert config.database.port == 5432
    assert config.database.wait_seconds == 30
    assert config.database.pool_size == 4
    assert config.limits.envelope_bytes == 1_500_000
    assert config.limits.batch == 256
    assert (config.log.format, config.log.level) == ("auto", "info")
    assert config.case_clock.mode == "real"
    assert config.gateway.origins == ()
    assert config.access_log.keep_years == 10


@pytest.mark.parametrize("years", [4, 0, -1, 101])
def test_the_access_log_is_kept_for_five_years_at_least(load, years):
    found = problems_of(load, WHOLE + f"\n[access_log]\nkeep_years = {years}\n")
    assert found == (
        f"[access_log] keep_years: expected an integer from 5 to 100, found {years}",
    )


def test_the_gateways_socket_lies_beside_the_other_unless_told(load, tmp_path):
    assert load(WHOLE).local.gateway_socket == tmp_path / "run/local.gateway.sock"
    told = WHOLE.replace("[database]", 'gateway_socket = "web.sock"\n\n[database]', 1)
    assert load(told).local.gateway_socket == tmp_path / "web.sock"


def test_one_socket_cannot_be_both(load):
    both = 'gateway_socket = "run/local.sock"\n\n[database]'
    found = problems_of(load, WHOLE.replace("[database]", both, 1))
    assert found == ("[local] gateway_socket: this is the command line's socket",)


@pytest.mark.parametrize(
    "origin",
    ["http://lao-cai.invalid", "https://Lao-Cai.invalid", "https://a.invalid/", "*"],
)
def test_a_page_for_passkeys_is_an_https_origin(load, origin):
    text = f'\n[gateway]\norigins = ["https://lao-cai.localhost:8443", "{origin}"]\n'
    found = problems_of(load, WHOLE + text)
    assert len(found) == 1
    assert found[0].startswith("[gateway] origins: ")


def test_relative_paths_start_at_the_folder_of_the_file(load, tmp_path):
    config = load(WHOLE)
    assert config.keys.folder == tmp_path / "keys"
    assert config.local.socket == tmp_path / "run/local.sock"
    assert config.guard.paths == (tmp_path / "guard-a/head", tmp_path / "guard-b/head")


def test_absolute_paths_stay(load):
    config = load(WHOLE.replace('folder = "keys"', 'folder = "/srv/keys"'))
    assert config.keys.folder == Path("/srv/keys")


def test_every_problem_is_listed_at_once_with_file_and_key(load, tmp_path):
    wrong = (
        WHOLE.replace('kind = "province"', 'kind = "castle"')
        .replace("127.0.0.1:7443", "127.0.0.1")
        .replace('folder = "keys"', "folder = 7")
        .replace('name = "lao-cai"\nuser', 'pasword = "x"\nuser')
        + "\n[limits]\nbatch = 0\n\n[surprise]\n"
    )
    with pytest.raises(ConfigError) as refused:
        load(wrong)
    assert refused.value.where == str(tmp_path / "node.toml")
    assert refused.value.problems == (
        f"[member] kind: expected one of {', '.join(KINDS)}, found 'castle'",
        '[peers] listen: expected "host:port" with a port from 1 to 65535',
        "[database] name: is missing; expected a text",
        f"[database] pasword: is not known here; known are {DATABASE_KEYS}",
        "[keys] folder: expected a text, found an integer",
        "[limits] batch: expected an integer from 1 to 4096, found 0",
        f"[surprise]: is not known here; known are {TABLES}",
    )


def test_an_empty_file_names_every_key_that_must_be_given(load):
    problems = problems_of(load, "")
    assert len(problems) == 13
    assert all("is missing" in each for each in problems)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"cannot be read.*absent\.toml"):
        load_node_config(tmp_path / "absent.toml")


def test_a_file_that_is_not_toml_is_refused_with_its_line(load):
    with pytest.raises(ConfigError, match=r"is not TOML .*line 2"):
        load("\n[member\n")


def test_a_file_that_is_not_text_is_refused(tmp_path):
    (tmp_path / "node.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="is not UTF-8"):
        load_node_config(tmp_path / "node.toml")


def test_a_pasted_password_is_not_repeated_in_the_refusal(load):
    with pytest.raises(ConfigError) as refused:
        load(WHOLE.replace("[database]", '[database]\npassword = "hunter2"'))
    assert "hunter2" not in str(refused.value)


def test_one_guard_copy_is_not_enough(load):
    found = problems_of(load, WHOLE.replace(', "guard-b/head"', ""))
    assert found == ("[guard] paths: expected at least 2, found 1",)


def test_two_guard_copies_in_one_folder_are_refused(load):
    found = problems_of(load, WHOLE.replace("guard-b/head", "guard-a/other"))
    assert found == (
        "[guard] paths: two copies lie in one folder; one loss would take both",
    )


def test_guard_folders_are_compared_after_dots_are_resolved(load):
    found = problems_of(load, WHOLE.replace("guard-b/head", "x/../guard-a/other"))
    assert len(found) == 1


def test_a_socket_path_too_long_for_unix_is_refused(load):
    found = problems_of(load, WHOLE.replace("run/local.sock", "x" * 120))
    assert len(found) == 1
    assert found[0].startswith("[local] socket: the path has ")


@pytest.mark.parametrize(
    "address", ["127.0.0.1:0", "127.0.0.1:65536", ":7443", "::1:7443", "host:٣", "host"]
)
def test_an_address_that_nobody_can_listen_on_is_refused(load, address):
    found = problems_of(load, WHOLE.replace("127.0.0.1:7443", address))
    assert len(found) == 1
    assert found[0].startswith("[peers] listen")


def test_an_ipv6_address_stands_in_brackets(load):
    config = load(WHOLE.replace("127.0.0.1:7443", "[::1]:7443"))
    assert (config.peers.host, config.peers.port) == ("::1", 7443)


def test_a_node_that_only_dials_out_does_not_listen_as_well(load):
    both = WHOLE.replace("[peers]\n", "[peers]\ndials_out = true\n")
    assert problems_of(load, both) == (
        "[peers] listen: a node that only dials out listens to no peer",
    )


@pytest.mark.parametrize("name", ["Lao-Cai", "lao cai", "lao_cai", "-lao", "lao-", ""])
def test_a_member_name_is_lower_case_words(load, name):
    text = WHOLE.replace('name = "lao-cai"\nkind', f'name = "{name}"\nkind')
    assert len(problems_of(load, text)) == 1


def test_true_is_not_an_integer(load):
    found = problems_of(load, WHOLE + "\n[limits]\nbatch = true\n")
    assert found == ("[limits] batch: expected an integer, found true or false",)


def test_a_value_where_a_table_belongs_is_refused(load):
    found = problems_of(load, "guard = 3\n" + WHOLE.split("[guard]", maxsplit=1)[0])
    assert found[0] == "[guard]: expected a table, found an integer"


def test_hosts_of_the_office_are_named_for_events(load):
    text = WHOLE + '\n[webhooks]\nprivate_hosts = ["register.office", "10.0.0.7"]\n'
    found = load(text + 'authorities = "office.crt"\n').webhooks
    assert found.private_hosts == ("register.office", "10.0.0.7")
    assert found.authorities.name == "office.crt"
    with pytest.raises(ConfigError, match="no host"):
        load(WHOLE + '\n[webhooks]\nprivate_hosts = ["https://register.office"]\n')
