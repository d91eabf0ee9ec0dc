"""What a negotiation comes to: who stands where, what moved, what is waited for. Pure.

Plain values go in and come out; what is read from the database is put together in events/matrix.py
and its like.
"""

from __future__ import annotations

from events.negotiation.spans import Span, between
from events.negotiation.stances import Movement, Standing, Statement, in_order, standing

__all__ = ["Movement", "Span", "Standing", "Statement", "between", "in_order", "standing"]
