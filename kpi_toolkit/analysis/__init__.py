"""Answers: what the metrics' values mean beside earlier ones and targets. No words here, and no look."""
