"""S33: followers and applause that were bought."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.integrity.chance import Rng, counted
from benchmarks.integrity.manipulation import Manipulated, Manipulation, Strength, by_strength
from benchmarks.integrity.world import World

_FOLLOWERS, _APPLAUSE = by_strength(3, 10, 40), by_strength(4, 10, 25)


def _now(world: World) -> pd.DataFrame:
    posts = world.frames.get("content", pd.DataFrame({"published_on": pd.to_datetime([])}))
    return posts[
        posts["published_on"].between(pd.Timestamp(world.plan.period.start), pd.Timestamp(world.plan.period.end))
    ]


def _followers(world: World, strength: Strength, rng: Rng) -> Manipulated | None:
    """A month's followers, many times over, come to one or two posts that no more people saw than others."""
    now = _now(world)
    usual = float(world.frames["content"]["follows"].clip(lower=0).mean()) if len(now) else 0.0
    if len(now) < 3 or len(world.frames["content"]) < 8:
        return None
    posts = world.frames["content"].copy()
    picked = now.sample(min(2, len(now)), random_state=int(rng.integers(2**31))).index
    more = max(usual, 3.0) * len(now) * _FOLLOWERS[strength] / len(picked)
    posts.loc[picked, "follows"] = np.round(posts.loc[picked, "follows"].clip(lower=0) + more)
    return Manipulated(
        world=world.with_tables(content=posts), vendors=frozenset(["", *(one.id for one in world.plan.agencies)])
    )


def _applause(world: World, strength: Strength, rng: Rng) -> Manipulated | None:
    """The month's posts have many times the likes, and nobody says more."""
    now = _now(world)
    if len(now) < 4 or now["likes"].sum() < 100:
        return None
    posts = world.frames["content"].copy()
    likes = counted(rng, posts.loc[now.index, "likes"] * _APPLAUSE[strength], 2.0)
    posts.loc[now.index, "likes"] = np.minimum(likes, posts.loc[now.index, "impressions"])
    return Manipulated(
        world=world.with_tables(content=posts), vendors=frozenset(["", *(one.id for one in world.plan.agencies)])
    )


_POSTS = frozenset({"content"})
MANIPULATIONS = (
    Manipulation(id="bought_followers", title="followers without reach", system="S33", detectors=("follower_jump",), wants=_POSTS, tables=_POSTS, apply=_followers),
    Manipulation(id="bought_likes", title="likes without comments", system="S33", detectors=("engagement_without_comments", "follower_jump"), wants=_POSTS | {"history"}, tables=_POSTS, apply=_applause),
)  # fmt: skip
