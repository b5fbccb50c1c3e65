"""`--strict-config` (each row was tried with the release binary)."""

from pathlib import Path

import pytest

from api.configuration.config_tables import read_overrides
from api.configuration.strictness import check_strictly
from domain.errors import StrictSettingsRefused

FINE = (
    ("", ()),
    (
        'model = "x"\n[features]\nlater = true\n[tui]\nx = 1\n[projects."/x"]\ntrust_level = "trusted"',
        (),
    ),
    ("", ("model=x", "features.later=true", "profiles.x.model=y", "zsh_path=/bin/zsh")),
    ("[sandbox_workspace_write]\nnetwork_access = true", ()),
)

REFUSED = (
    ("zeta = 1\nalpha = 2", (), "{file}: unknown configuration field `alpha`"),
    ('[projects."/x"]\nfoo = 1', (), "{file}: unknown configuration field `projects./x.foo`"),
    (
        "[sandbox_workspace_write]\nfoo = 1",
        (),
        "{file}: unknown configuration field `sandbox_workspace_write.foo`",
    ),
    ("", ("foo=1", "bar.x=2"), "unknown configuration field `bar` in -c/--config override"),
    ("", ("model=1",), "invalid type: integer `1`, expected a string\nin `model`"),
    ("model = 1", (), "invalid type: integer `1`, expected a string\nin `model`"),
    ('model_provider = "nope"', (), "Model provider `nope` not found"),
    ("", ("model_provider=nope",), "Model provider `nope` not found"),
    ("x = = 1", (), "{file}:1:5: Invalid value"),
)


def check(folder: Path, content: str, settings: tuple[str, ...]) -> Path:
    """Check a file with this content and these settings of the command line."""
    path = folder / "config.toml"
    path.write_text(content)
    check_strictly(path, settings, read_overrides(settings))
    return path


@pytest.mark.parametrize(("content", "settings"), FINE)
def test_what_is_known_is_taken(tmp_path: Path, content: str, settings: tuple[str, ...]) -> None:
    assert check(tmp_path, content, settings).exists()


@pytest.mark.parametrize(("content", "settings", "told"), REFUSED)
def test_what_is_unknown_or_wrong_is_refused(
    tmp_path: Path, content: str, settings: tuple[str, ...], told: str
) -> None:
    with pytest.raises(StrictSettingsRefused) as refusal:
        check(tmp_path, content, settings)
    assert str(refusal.value) == told.format(file=tmp_path / "config.toml")


def test_no_file_is_fine(tmp_path: Path) -> None:
    check_strictly(tmp_path / "config.toml", (), {})
