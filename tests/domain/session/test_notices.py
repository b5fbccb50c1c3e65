"""What start, resume and fork tell besides their answers (case start-deprecated-flag)."""

from domain.session.notices import deprecation_notices, policy_warnings


def test_the_flag_that_does_nothing_is_told_to_do_nothing() -> None:
    [(method, params)] = deprecation_notices({"persistExtendedHistory": True})
    assert method == "deprecationNotice"
    assert params == {
        "summary": "persistExtendedHistory is deprecated and ignored",
        "details": "Remove this parameter. App-server always uses limited history persistence.",
    }


def test_without_the_flag_there_is_nothing_to_tell() -> None:
    assert deprecation_notices({"persistExtendedHistory": False}) == deprecation_notices({}) == []


def test_the_policy_on_its_way_out_is_warned_of() -> None:
    [(method, params)] = policy_warnings("t", "on-failure")
    assert (method, params["threadId"]) == ("warning", "t")
    assert params["message"].startswith("`on-failure` approval policy is deprecated")


def test_no_other_policy_is() -> None:
    assert policy_warnings("t", "never") == policy_warnings("t", {"granular": {}}) == []
