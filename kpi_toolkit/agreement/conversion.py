"""What counts as a conversion, and since when: the ledger of agreed definitions, and the platforms' own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Annotated, Literal

from pydantic import Field

from kpi_toolkit.agreement.glob import condition, matches
from kpi_toolkit.agreement.model import Agreed
from kpi_toolkit.agreement.terms import Id, Since, Source, Words
from kpi_toolkit.agreement.vendor import first_of
from kpi_toolkit.tables.quoting import literal

Counts = Literal["purchase", "lead", "message", "add_to_cart", "download", "call", "traffic", "video", "engagement", "reach", "other"]  # fmt: skip
Days = Annotated[int, Field(ge=0, le=3650)]

# The platforms' words for a kind of result (Meta's result indicator and result type, TikTok's, LINE's), as patterns over
# the word in lower case; the first that fits decides. OWN are results that the client named: only the agreement
# knows what they are.
OWN = ""
RESULT_WORDS: Mapping[str, tuple[str, ...]] = {
    OWN: ("*.custom.*", "*fb_pixel_custom*"),
    "add_to_cart": ("*add_to_cart*", "add to cart*", "adds to cart*", "*加到購物車*", "*加入購物車*"),
    "message": ("*messaging_conversation_started*", "*messaging_first_reply*", "messaging conversations started*", "*訊息對話*", "*訊息聯繫*"),
    "purchase": ("*purchase*", "complete payment*", "購買*", "網站購買*", "*次購買", "*應用程式內購買*"),
    "lead": ("actions:lead", "lead", "*.lead", "leads", "leads (*", "*fb_pixel_lead*", "*lead_grouped*", "*leadgen*", "website leads", "on-facebook leads", "form submission*", "submit form*", "潛在顧客*", "網站潛在顧客*", "表單提交*"),
    "traffic": ("link_click", "actions:link_click", "*landing_page_view*", "link clicks", "clicks", "landing page views", "連結點擊*", "連結頁面瀏覽*", "點擊次數*"),
    "video": ("*video_*", "*thruplay*", "*video views*", "*video plays*", "影片*"),
    "engagement": ("*post_engagement*", "*page_engagement*", "*post_interaction*", "*page_like*", "actions:like", "post engagement*", "page likes", "貼文互動*", "粉絲專頁*", "*加好友*", "*加入好友*", "*friends added*", "*add friend*", "gain_friends*"),
    "reach": ("reach", "actions:reach", "impressions", "*ad_recall*", "觸及*", "曝光*"),
    "other": ("actions:*", "onsite_conversion*", "offsite_conversion*", "profile_visit_view"),
}  # fmt: skip


class Conversion(Agreed):
    """An agreed definition: what `source` (of `vendor`, or of anybody) counts from the day `since` on.

    Windows are days after a click or a view; empty means that nothing was said.
    """

    source: Source
    vendor: Id | None = None
    since: Since | None = None
    counts: Counts
    counting: Literal["every", "one"]
    click_window_days: Days | None = None
    view_window_days: Days | None = None
    note: Words | None = None

    @property
    def definition(self) -> str:
        """The definition in one line that names it: google_ads|beichen|2025-09-01|purchase|every|30|1."""
        parts = (
            self.source,
            self.vendor,
            self.since,
            self.counts,
            self.counting,
            self.click_window_days,
            self.view_window_days,
        )
        return "|".join("" if part is None else str(part) for part in parts)

    def applies(self, source: str, vendor: str, day: date | None) -> bool:
        """Whether it holds for this source and vendor on `day` (None: an unknown day)."""
        begun = self.since is None or (day is not None and day >= self.since)
        return self.source == source and self.vendor in (None, vendor) and begun

    @property
    def _rank(self) -> tuple[date, bool]:
        return self.since or date.min, self.vendor is not None

    def _condition(self, source: str, vendor: str, day: str) -> str:
        parts = [f"{source} = {literal(self.source)}"]
        parts += [f"{vendor} = {literal(self.vendor)}"] if self.vendor is not None else []
        parts += [f"{day} >= DATE '{self.since}'"] if self.since is not None else []
        return " AND ".join(parts)


def kind_of_result(word: str) -> str | None:
    """What a platform's word for a result means; OWN where the client named it; None for a word nobody knows."""
    small = word.translate(_SMALL)
    return next(
        (kind for kind, patterns in RESULT_WORDS.items() if any(matches(pattern, small) for pattern in patterns)), None
    )


def counts_of(
    conversions: Sequence[Conversion], source: str, vendor: str, day: date | None, conversion_type: str = ""
) -> str:
    """What a row's conversions are: by the platform's own word where it is known, else as agreed.

    'other' for an unknown word without an agreement; '' where nobody says. When several definitions began on the
    same day and count different things, only the platform's word can tell, and without one the answer is ''.
    """
    if kind := kind_of_result(conversion_type):
        return kind
    latest = _latest([one for one in conversions if one.applies(source, vendor, day)])
    kinds = {one.counts for one in latest}
    return kinds.pop() if len(kinds) == 1 else ("other" if conversion_type else "")


def definition_of(conversions: Sequence[Conversion], source: str, vendor: str, day: date | None, counts: str) -> str:
    """The agreed definition of a row that counts `counts`: the latest begun by `day`, the vendor's own before the general one.

    '' where nothing was agreed about it.
    """
    latest = _latest([one for one in conversions if one.counts == counts and one.applies(source, vendor, day)])
    return latest[0].definition if latest else ""


def counts_sql(
    conversions: Sequence[Conversion],
    *,
    source: str = "source",
    vendor: str = "vendor",
    day: str = "date",
    conversion_type: str = "conversion_type",
) -> str:
    """`counts_of` as a DuckDB expression over four columns (or expressions); NULL text counts as empty."""
    source, vendor, word = (f"coalesce({column}, '')" for column in (source, vendor, conversion_type))
    unsaid = f"(CASE WHEN {word} = '' THEN '' ELSE 'other' END)"
    agreed = []
    for _, group in groupby(_newest_first(conversions), key=lambda one: (one._rank, one.source, one.vendor)):
        same_day = list(group)
        kinds = {one.counts for one in same_day}
        agreed.append((same_day[0]._condition(source, vendor, day), kinds.pop() if len(kinds) == 1 else None))
    whens = " ".join(f"WHEN {test} THEN {unsaid if kind is None else literal(kind)}" for test, kind in agreed)
    by_agreement = f"(CASE {whens} ELSE {unsaid} END)" if whens else unsaid
    small = f"translate({word}, {literal(_CAPITALS)}, {literal(_CAPITALS.lower())})"
    cases = " ".join(
        f"WHEN {' OR '.join(condition(pattern, small) for pattern in patterns)} THEN "
        f"{by_agreement if kind == OWN else literal(kind)}"
        for kind, patterns in RESULT_WORDS.items()
    )
    return f"(CASE WHEN {word} = '' THEN {by_agreement} {cases} ELSE {by_agreement} END)"


def definition_sql(
    conversions: Sequence[Conversion],
    *,
    source: str = "source",
    vendor: str = "vendor",
    day: str = "date",
    counts: str = "counts",
) -> str:
    """`definition_of` as a DuckDB expression over four columns (or expressions); NULL text counts as empty."""
    source, vendor, counts = (f"coalesce({column}, '')" for column in (source, vendor, counts))
    return first_of(
        (f"{one._condition(source, vendor, day)} AND {counts} = {literal(one.counts)}", one.definition)
        for one in _newest_first(conversions)
    )


_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SMALL = str.maketrans(_CAPITALS, _CAPITALS.lower())


def _latest(applying: list[Conversion]) -> list[Conversion]:
    top = max((one._rank for one in applying), default=None)
    return [one for one in applying if one._rank == top]


def _newest_first(conversions: Sequence[Conversion]) -> list[Conversion]:
    by_name = sorted(conversions, key=lambda one: (one.source, one.vendor or ""))
    return sorted(by_name, key=lambda one: one._rank, reverse=True)
