"""The first line of a thread that starts (lifecycle.md; cases start-stored-by-*, fork-overrides)."""

from domain.shapes.session_meta import SESSION_META
from domain.thread.draft import Draft, head_payload

BARE = Draft("0196f000-0000-7000-8000-000000000001", "2026-05-01T10:00:00.000Z", "/d", "client", "openai")


def test_what_is_not_known_is_absent_but_for_instructions() -> None:
    assert head_payload(BARE) == {
        "id": BARE.id,
        "timestamp": BARE.timestamp,
        "cwd": "/d",
        "originator": "client",
        "cli_version": "0.131.0",
        "source": "vscode",
        "model_provider": "openai",
        "base_instructions": None,
    }


def test_the_keys_stand_in_the_order_of_the_release() -> None:
    draft = Draft(
        BARE.id,
        BARE.timestamp,
        "/d",
        "client",
        "openai",
        forked_from_id="0196f000-0000-7000-8000-000000000002",
        thread_source="user",
        base_instructions="",
        dynamic_tools=[{"name": "t", "description": "d", "inputSchema": {}}],
        memory_mode="disabled",
    )
    payload = head_payload(draft, {"branch": "main"})
    assert [*payload] == [
        "id",
        "forked_from_id",
        "timestamp",
        "cwd",
        "originator",
        "cli_version",
        "source",
        "thread_source",
        "model_provider",
        "base_instructions",
        "dynamic_tools",
        "memory_mode",
        "git",
    ]
    assert payload["base_instructions"] == {"text": ""}
    assert payload["dynamic_tools"] == [
        {"name": "t", "description": "d", "inputSchema": {}, "deferLoading": False}
    ]
    assert payload["git"] == {"branch": "main"}
    assert SESSION_META(payload)


def test_a_repository_without_a_commit_has_empty_git_facts() -> None:
    assert head_payload(BARE, {})["git"] == {}
