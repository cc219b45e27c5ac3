"""Metrics that are one number of messages over another, each counted at its own time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from oracle.frames import over, within

if TYPE_CHECKING:
    from oracle.view import View

FIVE = ("BO", "BC", "CB", "CC", "CO")


def shares(view: View) -> dict[str, float | None]:
    """D0 to D3, C1, C7, R7, L3, H1, H2, M1, M4, N4 and Q1."""
    here = view.here

    def number(*conditions: pl.Expr | bool) -> int:
        return here.filter(*conditions).height

    n = {name: number(pl.col("direction") == name) for name in (*FIVE, "BX", "CX", "undecided")}
    five = sum(n[name] for name in FIVE)
    decided = five + n["BX"] + n["CX"]
    by_brand = (pl.col("actor_role") == "brand") & pl.col("direction").is_in(["BO", "BC", "BX"])
    by_customer = pl.col("actor_role") == "customer"
    known, machine = pl.col("automation").is_not_null(), pl.col("automation").fill_null(value=False)
    feeling = {value: number(by_customer, pl.col("sentiment") == value) for value in (-1, 0, 1)}
    gives = n["BC"] + view.frame.filter(pl.col("effect") == "give", within("at", view.window)).height
    asks = number(pl.col("direction") == "BO", pl.col("asks").fill_null(value=False))
    answer = pl.col("direction") == "BC"
    named = (pl.col("agent") != "") | (pl.col("signature").fill_null("") != "")
    return {
        "dialogue_ratio": over(n["BC"], n["BO"] + n["BC"]),
        "broadcast_share": over(n["BO"], n["BO"] + n["BC"]),
        **{f"mix_{name.lower()}": over(n[name], five) for name in FIVE},
        "user_generated_share": over(n["CB"] + n["CC"] + n["CO"], five),
        "c2c_share": over(n["CC"], n["CC"] + n["CB"] + n["BC"]),
        "direction_coverage": over(decided, decided + n["undecided"]),
        "deflection_share": over(
            number(answer, pl.col("deflection").fill_null(value=False)),
            number(answer, pl.col("deflection").is_not_null()),
        ),
        "give_ratio": over(gives, gives + asks),
        "named_voice_share": over(number(by_brand, named), number(by_brand)),
        "automation_share": over(number(by_brand, machine), number(by_brand, known)),
        "automation_coverage": over(number(by_brand, known), number(by_brand)),
        "net_sentiment": over(feeling[1] - feeling[-1], sum(feeling.values())),
        "passion_share": over(
            number(by_customer, pl.col("love").fill_null(value=False)),
            number(by_customer, pl.col("love").is_not_null()),
        ),
        "peer_answer_rate": _peer_answers(view),
        "negative_reply_share": _negative_replies(view),
    }


def _peer_answers(view: View) -> float | None:
    """C7: whoever replies to a question first, but for its author; charged to the question."""
    replies = view.frame.filter(pl.col("direction") != "", pl.col("actor_role").is_in(["brand", "customer"]))
    questions = view.here.filter(
        pl.col("actor_role") == "customer", pl.col("question").fill_null(value=False)
    )
    first = (
        questions.join(
            replies.select("platform", "at", "id", parent_id="replies_to", by="actor", role="actor_role"),
            left_on=["platform", "id"],
            right_on=["platform", "parent_id"],
        )
        .filter(pl.col("by") != pl.col("actor"))
        .sort("at_right", "id_right")
        .unique(["platform", "id"], keep="first", maintain_order=True)
    )
    return over(first.filter(pl.col("role") == "customer").height, questions.height)


def _negative_replies(view: View) -> float | None:
    """N4: charged to the broadcast that is answered."""
    replies = view.counted.filter(
        pl.col("actor_role") == "customer",
        pl.col("parent_direction") == "BO",
        pl.col("sentiment").is_not_null(),
        within("parent_at", view.window),
    )
    return over(replies.filter(pl.col("sentiment") < 0).height, replies.height)
