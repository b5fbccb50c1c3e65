"""Findings: every kind has its weight and its sentence."""

from domain.damage.finding import SENTENCES, SEVERITIES, Action, DamageClass, Severity, finding


def test_every_kind_has_a_severity_and_a_sentence_of_its_own() -> None:
    assert set(SEVERITIES) == set(SENTENCES) == set(DamageClass)
    assert len(set(SENTENCES.values())) == len(DamageClass)


def test_kinds_are_written_with_hyphens() -> None:
    assert all(each.value == each.value.lower() and "_" not in each.value for each in DamageClass)


def test_a_notice_is_harmful_only_if_something_is_done_about_it() -> None:
    blank = finding("f", None, DamageClass.BLANK_LINE, action=Action.REWRITTEN)
    crlf = finding("f", None, DamageClass.CRLF, action=Action.KEPT)
    assert (blank.severity, blank.is_harmful, blank.is_left) == (Severity.NOTICE, True, False)
    assert (crlf.is_harmful, crlf.is_left) == (False, False)


def test_what_is_more_than_a_notice_is_left_until_something_is_done_about_it() -> None:
    torn = finding("f", None, DamageClass.TORN_TAIL)
    cut = finding("f", None, DamageClass.TORN_TAIL, action=Action.QUARANTINED)
    assert (torn.is_left, cut.is_left, cut.is_harmful) == (True, False, True)
