"""Numbers match whatever way they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.service.numbers import (
    ANONYMOUS,
    LONGEST,
    BadNumberError,
    candidates,
    looked_for,
    normalise,
    normalise_entry,
    searched,
    spellings,
)

#: One number a line: its one spelling in China, then other ways to write it.
SPELLINGS = {
    "+8613800138000": (
        "+86 138 0013 8000", "0086-138-0013-8000", "86 13800138000", "0138 0013 8000", "13800138000",
        "138.0013.8000", "(+86) 138/0013/8000", "＋８６１３８００１３８０００", "138–0013–8000", "17911 013800138000",
        "\u202a+86\u00a0138\u00a00013\u00a08000\u202c",
    ),
    "+861012345678": ("010-12345678", "(010) 1234 5678", "+86 10 12345678", "+86 010 12345678", "0086 10 12345678"),
    "+8657187654321": ("0571-87654321", "57187654321", "+86 571 8765 4321"),
    "+864001234567": ("400-123-4567", "+86 400 1234567"),
    "+447911123456": ("+44 7911 123456", "0044 7911 123456", "+44 (0)7911 123456"),
    "10086": ("10086", "+86 10086", "10 086"),
    "95588": ("95588", "+86 95588", "9-55-88"),
    "110": ("110",),
    "8001": ("8001",),
    ANONYMOUS: ("", "anonymous", "Anonymous", "UNKNOWN", "Restricted", "Unavailable", "private", "0000000000", "张三"),
    "alice": ("alice", "Alice"),
}  # fmt: skip

LISTED = {
    "+8613800138000": ("+86 138 0013 8000", "013800138000", "13800138000"),
    "+86138*": ("138*", "0138*", "+86 138*", "0086-138*", "138＊", "1-3-8 *"),
    "+8610*": ("010*", "10*", "+8610*"),
    "+44*": ("+44*", "0044 *"),
    "+86955*": ("955*",),
    "95588": ("95588",),
    ANONYMOUS: ("anonymous", "匿名", "Unknown"),
}

REFUSED = {
    "not_a_number": (
        "",
        " ",
        "+",
        "abc",
        "张三",
        "13*8",
        "138**",
        "++86",
        "138a",
        "138;drop",
        "=138",
        "138\n139x",
        "+*",
    ),
    "ambiguous": ("86138*", "86*"),
    "too_wide": ("*", "0*", "00*"),
    "too_long": ("1" * 21, "1" * 14 + "*", "0086 138 0013 8000 00"),
}

#: What people and switches write.
WRITTEN = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="0123456789+* -()", max_size=25),
    st.from_regex(r"(\+86|0086|0|86|17911|)1[0-9]{10}", fullmatch=True),
    st.from_regex(r"(\+|00)[0-9]{1,17}", fullmatch=True),
)
COUNTRIES = st.sampled_from(["CN", "US", "GB", "IT", "RU", "FR", "AU", "XX"])


@pytest.mark.parametrize(("one", "written"), [(one, text) for one, texts in SPELLINGS.items() for text in texts])
def test_every_way_to_write_a_number_has_one_spelling(one: str, written: str) -> None:
    """BLACK-1: with country code, trunk prefix, carrier code, separators or none of them; short codes stay."""
    assert normalise(written, "CN") == one


@pytest.mark.parametrize(
    ("written", "country", "one"),
    [
        ("(415) 555-2671", "US", "+14155552671"),
        ("1 415 555 2671", "US", "+14155552671"),
        ("011 86 138 0013 8000", "US", "+8613800138000"),
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("06 6982 1234", "IT", "+390669821234"),
        ("138 0013 8000", "XX", "13800138000"),
        ("+86 138 0013 8000", "XX", "+8613800138000"),
    ],
)
def test_the_tenants_country_decides_what_a_national_number_is(written: str, country: str, one: str) -> None:
    """BLACK-1: trunk and international prefixes are those of the country; an unknown one has none."""
    assert normalise(written, country) == one


@given(WRITTEN, COUNTRIES)
def test_the_one_spelling_is_its_own(written: str, country: str) -> None:
    """BLACK-1, SAFE-2: whatever a caller sends has a spelling, plain ASCII, which is spelled the same again."""
    once = normalise(written, country)
    assert once
    assert once.isascii()
    assert normalise(once, country) == once


@given(st.from_regex(r"1[3-9][0-9]{9}|(?!86)[2-9][0-9]{2}[2-8][0-9]{7}", fullmatch=True), st.data())
def test_equal_numbers_are_spelled_equally(national: str, data: st.DataObject) -> None:
    """BLACK-1: mobile and landline numbers, with any prefix that means China, however they are divided."""
    prefix = data.draw(st.sampled_from(["", "0", "+86", "0086", "+86 0", "(+86)"]))
    separators = data.draw(st.lists(st.sampled_from(["", " ", "-", ".", "("]), min_size=11, max_size=11))
    written = prefix + "".join(digit + separator for digit, separator in zip(national, separators, strict=True))
    assert normalise(written, "CN") == f"+86{national}"


@pytest.mark.parametrize(("one", "written"), [(one, text) for one, texts in LISTED.items() for text in texts])
def test_entries_are_numbers_or_prefixes(one: str, written: str) -> None:
    """BLACK-1: a prefix with a trailing star is spelled the same whatever way it is written."""
    assert normalise_entry(written, "CN") == one


@pytest.mark.parametrize(("reason", "written"), [(why, text) for why, texts in REFUSED.items() for text in texts])
def test_what_is_no_number_is_refused(reason: str, written: str) -> None:
    """BLACK-1, SAFE-2: no letters, no star in the middle, nothing longer than 20 characters, nothing for all."""
    with pytest.raises(BadNumberError) as refused:
        normalise_entry(written, "CN")
    assert refused.value.reason == reason


@given(WRITTEN, COUNTRIES)
def test_an_entry_is_refused_or_spelled_once(written: str, country: str) -> None:
    """BLACK-1, SAFE-2: nothing else than BadNumberError is raised, and one spelling is one entry."""
    try:
        entry = normalise_entry(written, country)
    except BadNumberError:
        return
    assert normalise_entry(entry, country) == entry or len(entry) > LONGEST


@given(st.from_regex(r"(\+86|0|)1[3-9][0-9]{9}", fullmatch=True), st.integers(1, 10))
def test_a_prefix_matches_whatever_begins_with_it(number: str, kept: int) -> None:
    """BLACK-1: the prefix of a number is among its candidates, at most 21 in all, the most exact first."""
    national = number[-11:]
    found = candidates(number, "CN")
    assert found[0] == f"+86{national}"
    assert normalise_entry(f"0{national[:kept]}*", "CN") in found
    assert len(found) <= 21
    assert [len(entry) for entry in found[1:]] == sorted((len(entry) for entry in found[1:]), reverse=True)


def test_prefixes_match_short_codes_too() -> None:
    """BLACK-1: a short code stays as it is, and begins like other numbers of the country."""
    assert candidates("95588", "CN")[:3] == ("95588", "+8695588*", "+869558*")
    assert normalise_entry("955*", "CN") in candidates("95588", "CN")
    assert candidates("anonymous", "CN") == (ANONYMOUS,)
    assert len(candidates("9" * 60, "CN")) <= 21


def test_a_number_is_looked_for_in_every_spelling_of_switches() -> None:
    """WEB-2: earlier calls are found however the switch wrote the number then."""
    wanted = {"13800138000", "013800138000", "+8613800138000", "8613800138000", "008613800138000"}
    for written in ("13800138000", "013800138000", "+8613800138000"):
        assert set(spellings(written, "CN")) == wanted
    assert spellings("10086", "CN") == ("10086",)
    assert spellings("anonymous", "CN") == ("anonymous",)
    assert "02079460000" not in spellings("+442079460000", "CN")


@pytest.mark.parametrize(
    ("one", "written"),
    [(one, way) for one, ways in SPELLINGS.items() if one[-1].isdigit() for way in ways if " 0138" not in way[5:]],
)
def test_whatever_way_a_number_is_looked_for_finds_it_as_switches_wrote_it(one: str, written: str) -> None:
    """CDR-1: what a page shows, copied into a search, finds the call, whatever the switch called the number."""
    assert all(searched(written, "CN") in way for way in spellings(one, "CN"))


@pytest.mark.parametrize("written", ["13900139000", "139 0013 9000", "+86 139 0013 9000", "013900139000"])
def test_a_whole_number_is_looked_for_as_switches_write_it(written: str) -> None:
    """CDR-1: an index has it; nothing is searched for inside of other numbers."""
    ways, part = looked_for(written, "CN")
    assert {"13900139000", "+8613900139000", "8613900139000", "008613900139000", "013900139000"} <= set(ways or ())
    assert part is None


@pytest.mark.parametrize(
    ("written", "whole", "part"),
    [
        ("1390013", False, "1390013"), ("+86 1390013", False, "1390013"), ("010 1234", False, "101234"),
        ("4001", False, "4001"), ("400acme", False, "400acme"), ("3101234567", True, "3101234567"),
        ("0310 123 4567", True, None), ("+44 20 7946 0000", True, None),
    ],
)  # fmt: skip
def test_what_may_be_a_part_of_a_number_is_looked_for_inside(written: str, whole: bool, part: str | None) -> None:
    """CDR-1: also what is a number by itself, as the end of a mobile number may be."""
    ways, inside = looked_for(written, "CN")
    assert (ways is not None, inside) == (whole, part)


@pytest.mark.parametrize(
    ("part", "found"),
    [
        ("138 0013", "1380013"), ("010 1234", "101234"), ("+1 202", "1202"), ("00", "00"), ("0", "0"),
        (" 400acme ", "400acme"), ("", ""),
    ],
)  # fmt: skip
def test_a_part_of_a_number_is_looked_for_without_what_stands_before_and_between(part: str, found: str) -> None:
    """CDR-1: a part of a number finds every number that holds it; what is no number is looked for as it is."""
    assert searched(part, "CN") == found
