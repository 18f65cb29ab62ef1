"""Two-stage recommendations: many simple models propose, a learned ranker puts in order."""

from movieapp.models.hybrid.model import Hybrid

__all__ = ["Hybrid"]
