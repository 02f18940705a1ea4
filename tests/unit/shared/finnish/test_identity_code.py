import json
import logging
import pickle
from datetime import date

import pytest

from shared.finnish.errors import FormatError
from shared.finnish.identity_code import PATTERN, IdentityCode, contains_identity_code, redact

ARTIFICIAL = ["010180-9015", "010180Y9026", "290200A950Y", "310323F999K", "150616B903S"]


@pytest.mark.parametrize(
    ("code", "born"),
    [
        ("010180-9015", date(1980, 1, 1)),
        ("010180Y9026", date(1980, 1, 1)),
        ("290200A950Y", date(2000, 2, 29)),
        ("310323F999K", date(2023, 3, 31)),
        ("150616B903S", date(2016, 6, 15)),
    ],
)
def test_artificial_codes_old_and_new_signs_are_read(code: str, born: date) -> None:
    parsed = IdentityCode.parse(code, allow_artificial=True)
    assert parsed.reveal() == code
    assert parsed.birth_date == born
    assert parsed.is_artificial


def test_typing_habits_are_forgiven() -> None:
    assert IdentityCode.parse("  290200a950y\n", allow_artificial=True).reveal() == "290200A950Y"


def test_the_sign_is_part_of_the_identity() -> None:
    old, new = (IdentityCode.artificial(date(1980, 1, 1), 901, sign=sign) for sign in "-Y")
    assert old != new
    assert len({old, new}) == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "identity_code.form"),
        ("010180-901", "identity_code.form"),
        ("010180G9015", "identity_code.form"),
        ("010180\u20139015", "identity_code.form"),
        ("٠١٠١٨٠-9015", "identity_code.form"),
        ("150616B903\u017f", "identity_code.form"),
        ("0246246-0", "identity_code.form"),
        ("310280-9015", "identity_code.birth_date"),
        ("290200+9501", "identity_code.birth_date"),
        ("290201A9501", "identity_code.birth_date"),
        ("010180-0010", "identity_code.individual_number"),
        ("010180-9016", "identity_code.check_character"),
    ],
)
def test_what_is_no_identity_code_is_refused_without_repeating_it(text: str, code: str) -> None:
    with pytest.raises(FormatError) as caught:
        IdentityCode.parse(text, allow_artificial=True)
    assert caught.value.code == code
    assert caught.value.advice
    if text:
        assert text not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("code", ARTIFICIAL)
def test_artificial_codes_are_refused_where_real_people_are_served(code: str) -> None:
    with pytest.raises(FormatError) as caught:
        IdentityCode.parse(code)
    assert caught.value.code == "identity_code.artificial"


def test_a_leap_day_of_1800_does_not_exist() -> None:
    with pytest.raises(FormatError):
        IdentityCode.parse("290200+950Y", allow_artificial=True)


def test_no_text_form_shows_the_code(caplog: pytest.LogCaptureFixture) -> None:
    code = IdentityCode.parse("010180-9015", allow_artificial=True)
    with caplog.at_level(logging.INFO):
        logging.getLogger("test").info("found %s %r", code, [code])
    shown = f"{code} {code!r} {[code]} {json.dumps({'c': str(code)})} {caplog.text}"
    assert "010180-****" in shown
    assert not contains_identity_code(shown)


def test_a_code_survives_being_sent_to_another_process() -> None:
    code = IdentityCode.parse("150616B903S", allow_artificial=True)
    assert pickle.loads(pickle.dumps(code)) == code  # noqa: S301  # own bytes, made on this line


@pytest.mark.parametrize(("number", "sign"), [(899, None), (1000, None), (901, "A"), (901, "+")])
def test_artificial_codes_are_made_only_of_what_is_artificial(number: int, sign: str | None) -> None:
    with pytest.raises(ValueError, match=r"artificial|century"):
        IdentityCode.artificial(date(1980, 1, 1), number, sign=sign)


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("asiakas 010180-9015 soitti", "asiakas 010180-**** soitti"),
        ('{"hetu":"290200a950y"}', '{"hetu":"290200a****"}'),
        ("010180-9016 (mistyped)", "010180-**** (mistyped)"),
        ("010180\u20139015", "010180\u2013****"),
        ("310323F999K,150616B903S", "310323F****,150616B****"),
        (
            "invoice 2016-12-31, 0246246-0, FI2112345600000785",
            "invoice 2016-12-31, 0246246-0, FI2112345600000785",
        ),
    ],
)
def test_redaction_hides_the_shape_and_leaves_the_rest(text: str, redacted: str) -> None:
    assert redact(text) == redacted
    assert not PATTERN.search(redacted)


@pytest.mark.parametrize("code", ARTIFICIAL)
def test_a_valid_code_is_found_in_text_and_in_raw_bytes(code: str) -> None:
    for around in ("{}", "hetu={};", '"{}"', "\n{}\n", "/clients/{}/payments"):
        text = around.format(code)
        assert contains_identity_code(text)
        assert contains_identity_code(b"\x00\xff\x9c" + text.encode() + b"\xfe")
        assert contains_identity_code(text.lower())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "010180-9016",
        "310280-9015",
        "x010180-9015",
        "3010180-9015",
        "010180-90155",
        "c0a80101-0101-4a80-9015-010180901512",
        "2016-12-31T21:59:30.123456+00:00",
        "010180-****",
    ],
)
def test_what_only_resembles_a_code_is_not_reported(text: str) -> None:
    assert not contains_identity_code(text)
    assert not contains_identity_code(text.encode())
