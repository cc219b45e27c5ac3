"""Who talks to whom in a twcs.csv file: an independent dataframe computation.

Written from the domain's definition alone (`docs/metrics.md`: space, roles, direction, D5, C2). It shares no
code with the project, imports nothing of it and works another way (whole columns joined in polars, no event
at a time), so that an error would have to be made twice to stay unseen.

Where the definition can be read in two ways, this file reads it as follows.

- A message is in a brand's space if the brand wrote it, is its addressee or is mentioned (an inherited
  mention counts too), if the conversation's root is the brand's, or if in the conversation a message at or
  before this one's time was written by, addressed to or mentioned the brand. Direction plays no part in it.
- A chain of replies to oneself alone has no addressee and opens none: customer CO, brand BO.
- What is said to or by another brand is outside the five: CX or BX.
- A parent outside the file is unknown. A reply that meets it before any other author stays undecided, and
  the missing id stands in for the conversation's root.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from pathlib import Path

DIRECTIONS = ("BO", "BC", "CB", "CC", "CO", "BX", "CX", "undecided")
TIME = "%a %b %d %H:%M:%S %z %Y"
DIGITS = r"^[0-9]+$"
BLASTING = 3  # a brand's root that mentions more customers than this talks to nobody


def read(path: str | Path) -> pl.DataFrame:
    """One row per message: id, author, is_brand, published, text, parent; ids and names are strings."""
    return (
        pl.read_csv(path, infer_schema_length=0)
        .unique("tweet_id", keep="first", maintain_order=True)
        .select(
            id="tweet_id",
            author="author_id",
            is_brand=~pl.col("author_id").str.contains(DIGITS),
            published=pl.col("created_at").str.to_datetime(TIME, time_unit="us"),
            text="text",
            parent="in_response_to_tweet_id",
        )
    )


def roots(messages: pl.DataFrame) -> pl.DataFrame:
    """id -> conversation: the end of the chain of parents, which may be an id that the file lacks."""
    above = messages.select(top="id", higher="parent")
    climb = messages.select("id", top="id")
    while True:
        climb = climb.join(above, on="top", how="left")
        if climb["higher"].null_count() == climb.height:
            return climb.select("id", conversation="top")
        climb = climb.select("id", top=pl.coalesce("higher", "top"))


def addressees(messages: pl.DataFrame) -> pl.DataFrame:
    """id -> addressee (null: nobody) and fate: `root`, `other`, `self` (own posts only) or `unknown`."""
    people = messages.select(cursor="id", above="author", higher="parent")
    done = [
        messages.filter(pl.col("parent").is_null()).select(
            "id", addressee=pl.lit(None, dtype=pl.String), fate=pl.lit("root")
        )
    ]
    walking = messages.filter(pl.col("parent").is_not_null()).select("id", "author", cursor="parent")
    while walking.height:
        step = walking.join(people, on="cursor", how="left").with_columns(
            fate=pl.when(pl.col("above").is_null())
            .then(pl.lit("unknown"))
            .when(pl.col("above") != pl.col("author"))
            .then(pl.lit("other"))
            .when(pl.col("higher").is_null())
            .then(pl.lit("self"))
        )
        done.append(
            step.filter(pl.col("fate").is_not_null()).select(
                "id", addressee=pl.when(pl.col("fate") == "other").then("above"), fate="fate"
            )
        )
        walking = step.filter(pl.col("fate").is_null()).select("id", "author", cursor="higher")
    return pl.concat(done)


def mentions(messages: pl.DataFrame) -> pl.DataFrame:
    """id, name, is_brand: each known account that a message names once, but for its own author.

    Handles have no case. Digits are a customer, an author's name is a brand, any other name is nobody here.
    """
    brands = (
        messages.filter("is_brand").select(name="author", handle=pl.col("author").str.to_lowercase()).unique()
    )
    named = (
        messages.select("id", "author", handle=pl.col("text").str.extract_all(r"@\w+"))
        .explode("handle")
        .drop_nulls("handle")
        .with_columns(pl.col("handle").str.strip_prefix("@").str.to_lowercase())
        .join(brands, on="handle", how="left")
        .with_columns(is_brand=pl.col("name").is_not_null())
        .filter(pl.col("is_brand") | pl.col("handle").str.contains(DIGITS))
        .with_columns(name=pl.coalesce("name", "handle"))
    )
    return named.filter(pl.col("name") != pl.col("author")).select("id", "name", "is_brand").unique()


def resolve(path: str | Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The messages with conversation, addressee, fate and numbers of accounts named; and the mentions."""
    messages = read(path)
    named = mentions(messages)
    brands = messages.filter("is_brand")["author"].unique()
    counted = named.group_by("id").agg(
        brands_named=pl.col("is_brand").sum(),
        customers_named=(~pl.col("is_brand")).sum(),
    )
    resolved = (
        messages.join(roots(messages), on="id", how="left")
        .join(addressees(messages), on="id", how="left")
        .join(counted, on="id", how="left")
        .with_columns(
            pl.col("brands_named", "customers_named").fill_null(0),
            to_brand=pl.col("addressee").is_in(brands.implode()),
        )
    )
    return resolved, named


def spaces(resolved: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    """brand, id: which messages are in which brand's space."""
    at = ["conversation", "published"]
    touches = pl.concat(
        [
            resolved.filter("is_brand").select(*at, brand="author"),
            resolved.filter("to_brand").select(*at, brand="addressee"),
            named.filter("is_brand").join(resolved, on="id").select(*at, brand="name"),
        ]
    )
    since = touches.group_by("conversation", "brand").agg(since=pl.col("published").min())
    later = (
        since.join(resolved, on="conversation")
        .filter(pl.col("published") >= pl.col("since"))
        .select("brand", "id")
    )
    owned = resolved.filter(pl.col("is_brand") & (pl.col("fate") == "root")).select(
        "conversation", brand="author"
    )
    under = owned.join(resolved, on="conversation").select("brand", "id")
    return pl.concat([later, under]).unique()


def directions(path: str | Path) -> pl.DataFrame:
    """One row per (brand's space, message): brand, id, conversation, published, direction, author."""
    resolved, named = resolve(path)
    tagged = named.filter("is_brand").select("id", brand="name", names_it=pl.lit(value=True))
    rows = (
        spaces(resolved, named)
        .join(resolved, on="id")
        .join(tagged, on=["id", "brand"], how="left")
        .with_columns(pl.col("names_it").fill_null(value=False))
    )
    root, own = pl.col("fate") == "root", pl.col("author") == pl.col("brand")
    alone, brand_named = pl.col("fate") == "self", pl.col("brands_named") > 0
    few = pl.col("customers_named").is_between(1, BLASTING)
    many = pl.col("customers_named") > BLASTING
    to_customer = (pl.col("fate") == "other") & ~pl.col("to_brand")
    customer = (
        pl.when(alone)
        .then(pl.lit("CO"))
        .when((root & pl.col("names_it")) | (pl.col("addressee") == pl.col("brand")))
        .then(pl.lit("CB"))
        .when((root & brand_named) | pl.col("to_brand"))
        .then(pl.lit("CX"))
        .when((root & (pl.col("customers_named") > 0)) | to_customer)
        .then(pl.lit("CC"))
        .otherwise(pl.lit("CO"))
    )
    brand = (
        pl.when(to_customer | (root & few))
        .then(pl.lit("BC"))
        .when(pl.col("to_brand") | (root & brand_named & ~many))
        .then(pl.lit("BX"))
        .otherwise(pl.lit("BO"))
    )
    other_brand = pl.when(to_customer | (root & few)).then(pl.lit("CX")).otherwise(pl.lit("BX"))
    return (
        rows.with_columns(
            direction=pl.when(pl.col("fate") == "unknown")
            .then(pl.lit("undecided"))
            .when(~pl.col("is_brand"))
            .then(customer)
            .when(own)
            .then(brand)
            .otherwise(other_brand)
        )
        .select("brand", "id", "conversation", "published", "direction", "author", "is_brand")
        .sort("brand", "published", "id")
    )


def direction_counts(path: str | Path) -> dict[str, dict[str, int]]:
    """brand -> direction -> messages; every direction is there, with 0 if there is none."""
    counts: dict[str, dict[str, int]] = {}
    grouped = directions(path).group_by("brand", "direction").len().sort("brand", "direction")
    for brand, direction, number in grouped.iter_rows():
        counts.setdefault(brand, dict.fromkeys(DIRECTIONS, 0))[direction] = number
    return counts


def minutes(path: str | Path) -> pl.DataFrame:
    """One row per brand and minute (UTC) with a message: the number of messages of each direction."""
    return (
        directions(path)
        .group_by("brand", minute=pl.col("published").dt.truncate("1m"))
        .agg((pl.col("direction") == name).sum().cast(pl.Int64).alias(name) for name in DIRECTIONS)
        .sort("brand", "minute")
    )


def conversation_rates(path: str | Path) -> pl.DataFrame:
    """Numerators and denominators of D5 and C2, one row per brand; a zero denominator means no rate.

    D5: customers' messages in conversations whose root the brand wrote / such roots.
    C2: conversations of the space with two customers and a CC / with a customer, over messages in the space.
    """
    resolved, _ = resolve(path)
    rows = directions(path)
    starts = resolved.filter(pl.col("is_brand") & (pl.col("fate") == "root")).select(
        "conversation", brand="author"
    )
    below = starts.join(resolved.filter(~pl.col("is_brand")), on="conversation")
    talks = rows.group_by("brand", "conversation").agg(
        customers=pl.col("author").filter(~pl.col("is_brand")).n_unique(),
        customers_talk=(pl.col("direction") == "CC").any(),
    )
    shared = talks.group_by("brand").agg(
        c2_numerator=((pl.col("customers") > 1) & pl.col("customers_talk")).sum(),
        c2_denominator=(pl.col("customers") > 0).sum(),
    )
    return (
        shared.join(below.group_by("brand").len("d5_numerator"), on="brand", how="left")
        .join(starts.group_by("brand").len("d5_denominator"), on="brand", how="left")
        .with_columns(pl.exclude("brand").fill_null(0).cast(pl.Int64))
        .select("brand", "d5_numerator", "d5_denominator", "c2_numerator", "c2_denominator")
        .sort("brand")
    )
