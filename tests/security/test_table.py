"""The rows of the security promise, and which tests show each of them; a test that goes is missed here."""

import ast
from functools import cache

import pytest

from tests.conformance.server import ROOT

ROWS: dict[str, tuple[str, ...]] = {
    "thread ids": (
        "domain/test_ids.py::test_each_written_form_names_the_same_id",
        "domain/test_ids.py::test_another_text_is_refused_with_the_reason_of_the_reference",
        "domain/test_ids.py::test_any_text_is_read_or_refused",
    ),
    "paths from clients": (
        "security/test_paths.py::test_a_path_leads_whom_it_may_and_where_it_may",
        "security/test_paths.py::test_others_have_to_know_whose_file_it_is",
        "security/test_paths.py::test_the_user_goes_on_in_a_foreign_file_only_if_that_was_allowed",
        "rollout/finding/test_beneath.py::test_whatever_is_no_file_below_is_not_there",
        "api/test_lifecycle_paths.py::test_a_foreign_file_goes_on_as_a_copy_in_the_home",
    ),
    "paths to clients": (
        "security/test_paths.py::test_errors_tell_others_no_more_of_the_home_than_they_said",
    ),
    "the socket file": (
        "api/doors/test_socket_file.py::test_only_the_user_may_open_the_file_whatever_the_umask",
        "api/doors/test_socket_file.py::test_the_socket_of_a_dead_server_is_replaced",
        "api/doors/test_socket_file.py::test_what_is_no_socket_is_left_alone",
        "api/doors/test_socket_file.py::test_the_file_goes_with_the_server_and_the_folder_stays",
        "api/doors/test_socket_file.py::test_a_process_of_another_user_is_cut",
    ),
    "rollouts and databases": (
        "security/test_modes.py::test_what_is_made_is_the_owners_alone_and_foreign_modes_stay",
        "rollout/writing/test_append.py::test_a_link_is_not_followed",
        "rollout/writing/test_append.py::test_what_is_no_file_is_refused_at_once",
        "rollout/writing/test_naming.py::test_a_link_is_not_followed",
    ),
    "hard state": (
        "rollout/writing/test_moving.py::test_a_name_that_is_taken_is_never_overwritten",
        "rollout/writing/test_moving.py::test_a_name_that_is_taken_is_not_restored_onto",
    ),
    "invalid UTF-8": (
        "api/wire/test_jsonrpc.py::test_a_request_that_is_not_utf8_is_dropped_but_its_id_can_be_answered",
        "api/doors/test_stdio.py::test_each_bad_request_has_its_error_and_the_next_is_served",
        "api/doors/test_frames.py::test_what_breaks_the_rules_of_frames_ends_the_connection",
        "api/doors/test_frames.py::test_no_bytes_are_too_odd_and_none_of_them_is_text_that_is_no_text",
    ),
    "lines that are no messages": (
        "security/test_messages.py::test_an_odd_message_is_refused_or_passed_over_and_the_next_is_served",
        "api/doors/test_stdio_service.py::test_a_hundred_lines_in_a_row_that_are_no_messages_end_it",
        "api/doors/test_limits.py::test_100_messages_in_a_row_that_are_none_end_the_connection",
    ),
    "deep JSON and long numbers": (
        "security/test_messages.py::test_an_odd_message_is_refused_or_passed_over_and_the_next_is_served",
        "api/wire/test_jsonrpc.py::test_nesting_is_bounded_with_the_outer_object_counted",
        "api/wire/test_jsonrpc.py::test_a_line_of_brackets_and_quotes_is_dropped_in_time_linear_in_its_length",
    ),
    "hash flooding and repeated keys": (
        "security/test_messages.py::test_an_odd_message_is_refused_or_passed_over_and_the_next_is_served",
        "api/wire/test_jsonrpc.py::test_a_message_of_many_members_is_not_searched_for_repeated_ones",
        "api/wire/test_jsonrpc.py::test_an_object_is_dropped_when_a_member_of_the_envelope_is_there_twice",
    ),
    "huge requests": (
        "api/doors/test_stdio.py::test_a_message_of_64_mb_is_refused_and_the_next_is_served",
        "api/doors/test_frames.py::test_a_message_may_have_its_greatest_size_and_not_a_byte_more",
        "api/wire/test_framing.py::test_a_line_over_the_limit_is_not_held",
    ),
    "floods": (
        "api/doors/test_stdio_service.py::test_a_flood_is_answered_whole_though_no_answer_is_read_before_its_end",
        "api/doors/test_sessions.py::test_3000_requests_in_one_go_are_answered_once_each",
        "end_to_end/test_reading.py::test_every_request_of_a_flood_is_answered_once",
        "hostile/test_hostile.py::test_others_are_served_while_a_server_is_attacked",
    ),
    "many connections and slow handshakes": (
        "api/doors/test_limits.py::test_one_client_too_many_is_asked_to_come_later",
        "api/doors/test_limits.py::test_a_handshake_has_to_come_in_time",
        "api/doors/test_limits.py::test_only_so_many_may_not_have_said_what_they_want",
        "api/doors/test_limits.py::test_a_client_that_answers_no_ping_is_given_up",
        "api/doors/test_head.py::test_a_head_may_be_as_long_as_its_bound",
    ),
    "slow readers": (
        "api/doors/test_sessions.py::test_one_that_does_not_read_slows_no_other",
        "api/doors/test_limits.py::test_a_client_that_does_not_read_what_it_is_told_is_cut_off",
    ),
    "compression": (
        "api/doors/test_http.py::test_an_upgrade_is_granted_without_extensions_and_subprotocols",
        "rollout/packed/test_packed_reader.py::test_a_bomb_is_refused_before_it_takes_memory_or_disk",
        "rollout/packed/test_packed_reader.py::test_a_line_of_a_bomb_is_not_held_when_a_list_looks_for_the_head",
    ),
    "browser pages": (
        "api/doors/test_http.py::test_a_request_that_is_not_let_in_is_told_why",
        "api/doors/test_http.py::test_a_socket_file_lets_origins_and_all_hosts_in",
    ),
    "listening": (
        "api/doors/test_serve.py::test_what_must_not_be_opened_is_not",
        "api/doors/test_tcp.py::test_nobody_listens_where_others_reach_it_with_an_open_gate",
        "api/doors/test_listen.py::test_a_port_needs_an_ip_and_a_number",
        "api/doors/test_serve.py::test_a_socket_that_was_handed_over_is_no_way_around_access_control",
    ),
    "tokens": (
        "security/test_tokens.py::test_a_token_shows_in_no_output_of_a_session",
        "api/doors/test_access.py::test_a_capability_token_lets_in",
        "api/doors/test_access.py::test_a_signed_token_lets_in",
        "api/access/test_gates.py::test_a_file_that_others_can_read_is_warned_of",
        "api/access/test_gates.py::test_after_ten_failures_an_address_is_not_heard_for_a_minute",
    ),
    "SQL": (
        "security/test_statements.py::test_statements_hold_no_words_from_outside",
        "security/test_statements.py::test_every_character_of_a_search_stands_for_itself",
        "projections/test_list_query.py::test_a_search_is_for_a_literal_part_of_what_a_thread_shows",
    ),
    "cursors": (
        "domain/test_cursors.py::test_any_text_is_read_or_refused_by_each_reader",
        "domain/test_cursors.py::test_every_cut_of_a_cursor_is_read_or_refused",
        "properties/test_damage.py::test_any_cursor_is_answered_or_refused",
    ),
    "limits": ("api/wire/test_schemas.py::test_whole_numbers_have_the_range_of_their_type",),
    "terminal escapes": (
        "security/test_terminal.py::test_a_command_prints_nothing_that_a_terminal_obeys",
        "security/test_terminal.py::test_every_character_that_turns_or_controls_is_spelt",
        "security/test_terminal.py::test_json_is_plain_json",
    ),
    "log injection": (
        "security/test_logs.py::test_of_a_failure_its_class_and_its_places_are_told_and_not_its_words",
        "security/test_logs.py::test_a_line_is_one_line_of_ascii_of_at_most_a_kibibyte",
        "security/test_logs.py::test_what_a_server_logs_is_json_without_content",
    ),
    "outgoing traffic": ("end_to_end/test_connections.py::test_a_server_connects_to_nobody",),
    "stopping": (
        "api/doors/test_stopping.py::test_work_without_end_and_clients_without_manners_do_not_hold_it_up",
        "api/doors/test_stopping.py::test_asked_twice_it_waits_for_nobody",
        "api/doors/test_stdio_service.py::test_it_ends_though_its_answers_are_not_taken",
        "api/doors/test_serve.py::test_a_disk_that_does_not_answer_holds_nobody_up",
        "api/doors/test_process.py::test_a_signal_ends_it_with_a_goodbye_and_without_traces",
    ),
    "file names in reports": (
        "damage/test_places.py::test_a_name_that_is_no_utf8_is_told_and_left",
        "security/test_terminal.py::test_a_command_prints_nothing_that_a_terminal_obeys",
    ),
}
"""Each row of the table, and its tests below tests/."""


@cache
def names_of(path: str) -> frozenset[str]:
    """The names of the tests of a file."""
    body = ast.parse((ROOT / "tests" / path).read_text()).body
    functions = (node for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(function.name for function in functions)


@pytest.mark.parametrize("row", ROWS)
def test_every_row_is_shown_by_tests_that_are_there(row: str) -> None:
    assert ROWS[row]
    for test in ROWS[row]:
        path, _, name = test.partition("::")
        assert name in names_of(path), test
