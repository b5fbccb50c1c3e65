"""`--strict-config`: a setting that would be passed over keeps the service from starting.

Names are known at the top level, and in the tables below that a store of threads reads. Features are not held
to: releases differ in them, and names of other releases are taken without a word.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from api.configuration.config import read_config
from api.configuration.config_faults import table_fault
from api.configuration.config_file import read_config_file
from api.configuration.config_tables import laid_over, read_overrides
from domain.errors import ConfigurationRefused, StrictSettingsRefused

NAMES = frozenset(
    """
    agents allow_login_shell analytics approval_policy approvals_reviewer apps apps_mcp_product_sku audio
    auto_review background_terminal_max_timeout chatgpt_base_url check_for_update_on_startup
    cli_auth_credentials_store compact_prompt debug default_permissions desktop developer_instructions
    disable_paste_burst experimental_compact_prompt_file experimental_realtime_start_instructions
    experimental_realtime_ws_backend_prompt experimental_realtime_ws_base_url experimental_realtime_ws_model
    experimental_realtime_ws_startup_context experimental_thread_config_endpoint experimental_thread_store
    experimental_thread_store_endpoint experimental_use_unified_exec_tool features feedback file_opener
    forced_chatgpt_workspace_id forced_login_method ghost_snapshot hide_agent_reasoning history hooks
    include_apps_instructions include_collaboration_mode_instructions include_environment_context
    include_permissions_instructions instructions js_repl_node_module_dirs js_repl_node_path log_dir
    marketplaces mcp_oauth_callback_port mcp_oauth_callback_url mcp_oauth_credentials_store mcp_servers
    memories model model_auto_compact_token_limit model_catalog_json model_context_window
    model_instructions_file model_provider model_providers model_reasoning_effort model_reasoning_summary
    model_supports_reasoning_summaries model_verbosity notice notify openai_base_url oss_provider otel
    permissions personality plan_mode_reasoning_effort plugins profile profiles
    project_doc_fallback_filenames project_doc_max_bytes project_root_markers projects realtime review_model
    sandbox_mode sandbox_workspace_write service_tier shell_environment_policy show_raw_agent_reasoning skills
    sqlite_home suppress_unstable_features_warning tool_output_token_limit tool_suggest tools tui web_search
    windows zsh_path
    """.split()  # noqa: SIM905 - as words they can be read
)
"""Settings of release 0.131.0, as its `config/read` lists them."""

SANDBOX_NAMES = frozenset({"exclude_slash_tmp", "exclude_tmpdir_env_var", "network_access", "writable_roots"})
PROJECT_NAMES = frozenset({"trust_level"})


def check_strictly(path: Path, settings: Sequence[str], overrides: Mapping[str, Any]) -> None:
    """StrictSettingsRefused for the first thing wrong with this file or what the command line says.

    `settings` are those of `-c` as they were given, `overrides` all of the command line.
    """
    file = read_config_file(path)
    if file.warning is not None:
        raise StrictSettingsRefused(file.warning.details or file.warning.summary)
    if why := table_fault(laid_over(file.table, overrides)):
        raise StrictSettingsRefused(why.rstrip())
    for name in _unknown(file.table):
        raise StrictSettingsRefused(f"{path}: unknown configuration field `{name}`")
    for name in _unknown(read_overrides(settings)):
        raise StrictSettingsRefused(f"unknown configuration field `{name}` in -c/--config override")
    _check_sense(path, overrides)


def _check_sense(path: Path, overrides: Mapping[str, Any]) -> None:
    """What reads may still contradict itself, or name what there is not."""
    try:
        config = read_config(path, overrides)
    except ConfigurationRefused as refusal:
        raise StrictSettingsRefused(refusal.reason) from None
    for warning in config.warnings:
        raise StrictSettingsRefused(warning.details or warning.summary)


def _unknown(table: Mapping[str, Any]) -> Iterable[str]:
    """The names that nobody knows, in order."""
    names = [name for name in table if name not in NAMES]
    names += _unknown_in(table.get("sandbox_workspace_write"), SANDBOX_NAMES, "sandbox_workspace_write")
    projects = table.get("projects")
    for path, project in projects.items() if isinstance(projects, Mapping) else ():
        names += _unknown_in(project, PROJECT_NAMES, f"projects.{path}")
    return sorted(names)


def _unknown_in(table: object, known: frozenset[str], place: str) -> list[str]:
    if not isinstance(table, Mapping):
        return []
    return [f"{place}.{name}" for name in table if name not in known]
