"""Phones and e-mails as SQL: one way of writing for each person, and whether such a phone or e-mail can exist.

Nothing is looked up: a valid phone is one that the numbering plan allows, not one that answers. What is called
impossible must be so by a rule that is named here; typing errors that could be an address stay valid.
"""

from __future__ import annotations

from kpi_toolkit.sources import cells
from kpi_toolkit.tables.quoting import literal

_WIDE = "０１２３４５６７８９＋－（）＃／　＠．，；："
_NARROW = "0123456789+-()#/ @.,;:"
# What people write where they have none.
_NONE = (
    "無",
    "沒有",
    "没有",
    "不提供",
    "不方便",
    "不方便提供",
    "未提供",
    "略",
    "none",
    "no",
    "nil",
    "x",
    "xx",
    "xxx",
    "?",
    ".",
)
_BETWEEN_PHONES = r"/、;,|\n或"


def _replaced(text: str, *steps: tuple[str, str]) -> str:
    for pattern, by in steps:
        text = f"regexp_replace({text}, {literal(pattern)}, {literal(by)})"
    return text


def is_none(cell: str) -> str:
    """Whether the cell is empty or says in words that there is none."""
    listed = ", ".join(map(literal, _NONE))
    return f"({cells.is_empty(cell)} OR list_position([{listed}], lower(trim({cell}))) IS NOT NULL)"


# Half hidden (`0912***678`, `w***@gmail.com`), or a hash already.
_HIDDEN = r"[*＊●○•]{2,}|[0-9](?:x{2,}|_{2,})[0-9]?"
_HASH = "[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}"


def _is_hash(cell: str) -> str:
    return f"coalesce(regexp_full_match(trim({cell}), '{_HASH}'), false)"


def _is_hidden(cell: str) -> str:
    return f"({cells.destroyed(cell)} OR coalesce(regexp_matches(lower({cell}), {literal(_HIDDEN)}), false))"


def uncheckable(cell: str) -> str:
    """Whether nothing can be said of the phone or e-mail: Excel rounded it (`8.86912E+11`), stars hide it, it is a hash."""
    return f"({_is_hidden(cell)} OR {_is_hash(cell)})"


def phone(cell: str) -> str:
    """The phone's one way of writing: `0912345678`, `0223456789`, of foreign ones `+85291234567`; a hash is itself. NULL
    without a figure, and where Excel rounded it or stars hide it. Extensions, and all but the first of several phones, are left out."""
    plain = _replaced(
        f"lower(translate({cell}, {literal(_WIDE)}, {literal(_NARROW)}))",
        # A workbook's figure.
        (r"^([0-9]+)\.0$", r"\1"),
        (r"(?s)\s*(?:#|轉|分機|ext|x)[\s.:]*[0-9*].*$", ""),
        (rf"(?s)^([^{_BETWEEN_PHONES}]*(?:[0-9][^{_BETWEEN_PHONES}]*){{8,}})[{_BETWEEN_PHONES}].*$", r"\1"),
    )
    figures = f"regexp_replace({plain}, '[^0-9+]', '', 'g')"
    one = _replaced(
        figures,
        (r"^\++$", ""),
        (r"([0-9])\+.*$", r"\1"),
        # +886, 886, 00886; many write the trunk's 0 behind it.
        (r"^(?:\+|00|\+00)?8860?([2-9][0-9]{7,8})$", r"0\1"),
        # Excel takes the leading 0 away. Landlines of 8 figures without it look like Taipei's own, and are left as they are.
        (r"^(9[0-9]{8}|2[2-8][0-9]{7}|4[239][0-9]{7})$", r"0\1"),
        (r"^(?:\+|00|\+00)([1-9][0-9]*)$", r"+\1"),
        # Hong Kong, Macau, China's and Japan's mobiles, Korea's, Singapore, Malaysia's, written without a plus.
        (r"^(852[2-9][0-9]{7}|8536[0-9]{7}|861[3-9][0-9]{9}|81[789]0[0-9]{8}|8210[0-9]{8}|65[3689][0-9]{7}|601[0-9]{8,9})$", r"+\1"),
    )  # fmt: skip
    return f"CASE WHEN {_is_hidden(cell)} THEN NULL WHEN {_is_hash(cell)} THEN lower(trim({cell})) ELSE nullif({one}, '') END"


# NCC's numbering plan (E.164 country code 886), figures in all with the leading 0.
_PLAN = {
    # 09 and 8 figures. Not every 09x is handed out, but which are changes.
    "mobile": r"09[0-9]{8}",
    # 02: 8 figures, the first 2 to 8. Taichung 04: 8 figures (2, 3). Nantou 049: 7 figures. 03, Changhua's 04 (7, 8), 05,
    # 06, 07, 08: 7 figures. 037, 082, 089: 6 figures; 0826, 0836: 5: as many in all as 03 and 08. No local number begins
    # with 0 or 1. Of 7 or 8 figures: a local number whose area code was left out, as neighbours write it.
    "landline": r"02[2-8][0-9]{7}|04[23][0-9]{7}|049[0-9]{7}|03[2-9][0-9]{6}|04[5-8][0-9]{6}|0[5-7][2-9][0-9]{6}|08[2-9][0-9]{6}|[2-8][0-9]{6,7}",
    "voip": r"070[0-9]{8}",
    "toll_free": r"080[09][0-9]{6}",
    # E.164: at most 15 figures with the country code; shorter than 8 no country's are.
    "foreign": r"\+(?:[1-79][0-9]{7,14}|8[0-79][0-9]{6,13}|88[0-57-9][0-9]{5,12})",
}  # fmt: skip
_EQUAL = "|".join(f"{figure}{{7,}}" for figure in range(10))
_RISING = "01234567|12345678|23456789|2345678|3456789|4567890"
_FALLING = "98765432|87654321|76543210|8765432|7654321|9876543"
# Numbers that forms and textbooks give as their example, or that fingers run along: 0912-345-678, 0987-654-321, 02-2345-6789,
# 0900-000-000. A few such are somebody's (they fetch prices at auctions), so one alone proves nothing; many do.
_MADE_UP = rf"(?:09|02|04|049|0[35-8]|070|080[09]|\+)?(?:{_EQUAL}|{_RISING}|{_FALLING})"


def phone_kind(cell: str) -> str:
    """`mobile`, `landline`, `voip`, `toll_free`, `foreign`; NULL for what the numbering plan doesn't know (premium 020x,
    services of three figures, wrong lengths) and for made-up numbers."""
    number = phone(cell)
    cases = " ".join(f"WHEN regexp_full_match({number}, {literal(form)}) THEN '{kind}'" for kind, form in _PLAN.items())
    return f"CASE WHEN regexp_full_match({number}, {literal(_MADE_UP)}) THEN NULL {cases} END"


def phone_state(cell: str) -> str:
    """`valid`, `impossible`, `missing` (nothing, or not one figure); NULL where it can't be checked."""
    return (
        f"CASE WHEN {uncheckable(cell)} THEN NULL WHEN {phone(cell)} IS NULL THEN 'missing' "
        f"WHEN {phone_kind(cell)} IS NULL THEN 'impossible' ELSE 'valid' END"
    )


def email(cell: str) -> str:
    """The e-mail's one way of writing: lower case, nothing around it. Of Gmail's, dots and what follows a plus are left
    out, and googlemail is gmail: Google delivers all of them to one person. Other providers differ, and stay as written."""
    plain = _replaced(
        f"lower(trim(translate({cell}, {literal(_WIDE)}, {literal(_NARROW)}), {literal(cells.SPACES)}))",
        (r"^[^<]*<([^<> ]+@[^<> ]+)>$", r"\1"),
        (r"^mailto:\s*", ""),
        (r"@googlemail\.com$", "@gmail.com"),
    )
    box = f"replace(regexp_replace({plain}, '[+].*$|@.*$', ''), '.', '')"
    return (
        f"CASE WHEN {is_none(cell)} OR {_is_hidden(cell)} THEN NULL WHEN regexp_matches({plain}, '^[^@+][^@]*@gmail[.]com$') THEN {box} || '@gmail.com' "
        f"ELSE nullif({plain}, '') END"
    )


# RFC 5321's ordinary addresses: a dot-atom, and a domain of at least two labels (a@b, test@test have but one).
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`|~-]+"
_LABEL = r"[\pL0-9](?:[\pL0-9-]*[\pL0-9])?"
_ADDRESS = rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?:\pL{{2,}}|xn--[a-z0-9-]+)"
# RFC 2606 keeps these for examples: nobody's mail arrives there.
_RESERVED = r".*[@.](?:example\.(?:com|net|org)|example|test|invalid|localhost|local)"


def email_state(cell: str) -> str:
    """`valid`, `impossible`, `missing`; NULL where it can't be checked. `gmial.com` is valid: its owner mistyped it."""
    plain = email(cell)
    return (
        f"CASE WHEN {uncheckable(cell)} THEN NULL WHEN {plain} IS NULL THEN 'missing' WHEN regexp_full_match({plain}, {literal(_ADDRESS)}) "
        f"AND NOT regexp_full_match({plain}, {literal(_RESERVED)}) THEN 'valid' ELSE 'impossible' END"
    )


_FREEMAIL = (
    r"gmail\.com|yahoo\.com(\.(tw|hk|cn|sg))?|yahoo\.co\.jp|ymail\.com|rocketmail\.com|hotmail\.com(\.tw)?|outlook\.com(\.tw)?|outlook\.tw|live\.(com|tw)|livemail\.tw|"
    r"msn\.com|icloud\.com|me\.com|mac\.com|aol\.com|proton\.me|protonmail\.com|pm\.me|gmx\.(com|net|de)|mail\.com|zoho\.com|yandex\.(com|ru)|naver\.com|"
    r"qq\.com|163\.com|126\.com|foxmail\.com|sina\.com(\.cn)?|.*\.hinet\.net|hinet\.net|seed\.net\.tw|pchome\.com\.tw|kimo\.com(\.tw)?|url\.com\.tw|so-net\.net\.tw"
)
_DISPOSABLE = (
    r"mailinator\.com|guerrillamail\.(com|net|org|biz|info|de)|sharklasers\.com|grr\.la|10minutemail\.(com|net)|10minmail\.com|temp-mail\.(org|io)|tempmail\.(com|net|dev|plus)|"
    r"tempmailo\.com|tempr\.email|yopmail\.(com|net|fr)|throwawaymail\.com|trashmail\.(com|net|de|me)|getnada\.com|nada\.email|dispostable\.com|maildrop\.cc|mohmal\.com|"
    r"fakeinbox\.com|mailnesia\.com|mintemail\.com|moakt\.(cc|co)|emailondeck\.com|spamgourmet\.com|mytemp\.email|discard\.email|burnermail\.io|mail-temp\.com|minuteinbox\.com"
)


def email_domain_kind(cell: str) -> str:
    """`freemail`, `disposable` (boxes for ten minutes), `other`; NULL where the e-mail can't exist. The domain itself, which
    may be a person's name, isn't told."""
    domain = f"regexp_extract({email(cell)}, '@(.*)$', 1)"
    return (
        f"CASE WHEN ({email_state(cell)}) IS DISTINCT FROM 'valid' THEN NULL WHEN regexp_full_match({domain}, {literal(_DISPOSABLE)}) THEN 'disposable' "
        f"WHEN regexp_full_match({domain}, {literal(_FREEMAIL)}) THEN 'freemail' ELSE 'other' END"
    )


def name(cell: str) -> str:
    """The name's one way of writing: without spaces, in small letters."""
    return f"nullif(regexp_replace(lower({cell}), '[\\s　・·.]', '', 'g'), '')"


def someones(text: str) -> str:
    """Whether free text holds what looks like an e-mail or a phone of Taiwan."""
    plain = f"translate({text}, {literal(_WIDE)}, {literal(_NARROW)})"
    # A mobile number with or without its 0 and 886; a landline whose area code stands apart. Dates are neither.
    phones = r"@|(^|[^0-9])(\+?886[- ]?0?|0)9[0-9]{2}[-. ]?[0-9]{3}[-. ]?[0-9]{3}|(^|[^0-9])9[0-9]{2}[- ][0-9]{3}[- ][0-9]{3}|(^|[^0-9])\(?0[2-8][-) ]{1,2}[0-9]{3,4}[- ]?[0-9]{4}"
    return f"coalesce(regexp_matches({plain}, {literal(phones)}), false)"


def holds_phone(text: str, phone_cell: str) -> str:
    """Whether the text holds the row's own phone, however it is written."""
    figures = f"regexp_replace(translate({text}, {literal(_WIDE)}, {literal(_NARROW)}), '[^0-9]', '', 'g')"
    own = f"right({phone(phone_cell)}, 8)"
    return f"coalesce(length({own}) = 8 AND contains({figures}, {own}), false)"


def holds_name(text: str, name_cell: str) -> str:
    """Whether the text holds the row's own name, or is a part of it."""
    said, own = name(text), name(name_cell)
    return f"coalesce(length({own}) > 1 AND length({said}) > 1 AND (contains({said}, {own}) OR contains({own}, {said})), false)"


def misplaced(phone_cell: str, email_cell: str, name_cell: str) -> str:
    """Whether cells of a person stand in each other's columns: then any other cell of the row may hold them, too."""
    figures = "([0-9][^0-9]*){8}"
    hashes = f"NOT {_is_hash(email_cell)}"
    return (
        f"(coalesce({phone_cell} LIKE '%@%' OR (NOT regexp_matches({phone_cell}, '[0-9０-９]') AND NOT {is_none(phone_cell)}), false) "
        f"OR coalesce({email_cell} NOT LIKE '%@%' AND regexp_matches({email_cell}, '{figures}|\\p{{Han}}.*\\p{{Han}}') AND NOT {is_none(email_cell)} AND {hashes}, false) "
        f"OR coalesce(regexp_matches({name_cell}, '@|{figures}'), false))"
    )
