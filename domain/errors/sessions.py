"""Settings that do not fit, and what would need a model."""

from domain.errors.base import InvalidRequest
from domain.limits import INPUT_CHARACTERS_MAX


class UnfitDynamicTool(InvalidRequest):
    """A dynamic tool that the model's API would not take, and why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)


class ConfigurationRefused(InvalidRequest):
    """Settings, of the home or of a request, with which no thread can be run; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"failed to load configuration: {reason}")
        self.reason = reason


class UnfitOverride(InvalidRequest):
    """A setting on the command line that is not `key=value`."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(f"{reason}: {text}")


class UnknownEnvironment(InvalidRequest):
    """An execution environment that this server does not have."""

    def __init__(self, environment_id: str) -> None:
        super().__init__(f"unknown turn environment id `{environment_id}`")


class EnvironmentTwice(InvalidRequest):
    """An execution environment that is named twice."""

    def __init__(self, environment_id: str) -> None:
        super().__init__(f"duplicate turn environment id `{environment_id}`")


class NoActiveTurn(InvalidRequest):
    """Steering or interrupting (`deed`) where nothing runs."""

    def __init__(self, deed: str) -> None:
        super().__init__(f"no active turn to {deed}")


class NoElicitation(InvalidRequest):
    """One elicitation less where there is none."""

    def __init__(self) -> None:
        super().__init__("out-of-band elicitation count is already zero")


class InputTooLarge(InvalidRequest):
    """The texts of a turn's input, over the limit together."""

    code = -32602

    def __init__(self, characters: int) -> None:
        super().__init__(f"Input exceeds the maximum length of {INPUT_CHARACTERS_MAX} characters.")
        self.data = {
            "input_error_code": "input_too_large",
            "max_chars": INPUT_CHARACTERS_MAX,
            "actual_chars": characters,
        }


class NoModel(InvalidRequest):
    """Something that only a model, or a program that acts for one, could do."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is not possible: this server stores threads and runs no model")
