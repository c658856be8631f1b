"""How often an honest client-month is troubled, and how many manipulated ones are seen: a public benchmark of the checks.

An honest client-month is `world.honest(seed, tuning.RANGES)`; its `.case()` is what the checks look into. Thresholds may be
tuned on `tuning.RANGES`; `judging.RANGES` are what they are judged by.
"""
