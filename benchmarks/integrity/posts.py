"""Posts on social media: figures with long tails, and sometimes one that everybody shares."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from benchmarks.integrity.chance import around, between, counted, evenly_by_size
from benchmarks.integrity.plan import Plan

_TITLES = (
    "新品上市",
    "幕後花絮",
    "限時優惠",
    "客人回饋",
    "小知識",
    "抽獎活動",
    "節慶祝福",
    "直播預告",
    "開箱",
    "常見問題",
)


def content(plan: Plan) -> pd.DataFrame:
    """content of the days of the data, from one page."""
    rng = plan.rng("posts")
    days = (plan.last - plan.first).days + 1
    count = max(int(between(rng, plan.ranges.engagement_posts) * days / 30), 1)
    usual = evenly_by_size(rng, (300, 40_000))
    seen = counted(rng, usual * around(rng, 0.9, count), 20)
    viral = rng.random(count) < 0.01
    seen = np.where(viral, seen * rng.uniform(4, 15, count), seen).round()
    liked, said, shared, gained = (
        between(rng, (0.005, 0.05)),
        between(rng, (0.02, 0.2)),
        between(rng, (0.01, 0.1)),
        between(rng, (0.0002, 0.002)),
    )
    likes = np.minimum(counted(rng, seen * liked * around(rng, 0.4, count), 3), seen)
    titles = rng.choice(_TITLES, count)
    prize = np.where(titles == "抽獎活動", 5.0, 1.0)  # who comments takes part
    comments = counted(rng, likes * said * prize * around(rng, 0.6, count), 2.5)
    frame = pd.DataFrame({
        "published_on": pd.to_datetime([plan.first + timedelta(int(n)) for n in np.sort(rng.integers(0, days, count))]),
        "title": titles, "impressions": seen, "views": np.round(seen * rng.uniform(0.5, 0.9)), "likes": likes, "comments": comments,
        "shares": counted(rng, likes * shared * around(rng, 0.6, count), 2.0),
        "follows": counted(rng, seen * gained * prize**0.5, 2.0) - counted(rng, np.full(count, usual * gained * 0.3), 1.5),
    })  # fmt: skip
    return frame.assign(source="meta_content", post_id=[f"post{plan.seed}-{n}" for n in range(count)])
