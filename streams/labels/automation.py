"""Whether a message was sent by automation: declared by the account, or detected by the program that sent it.

Care desks in which people write each answer (Zendesk, Conversocial, Khoros Care, Sparkcentral) are not on
the list.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

from schemas.event import Actor, ActorKind

VERSION = "automation/1"

TOOLS = frozenset(
    {
        "agorapulse", "assembla bot", "autohash", "automate.io", "awario", "botize", "brandwatch",
        "buffer", "bufferapp", "cheap bots", "circleboom", "coschedule", "crowdfire", "dlvr.it", "dlvrit",
        "echobox", "eclincher", "edgar", "emplifi", "falcon social", "falcon.io", "fedica", "feed2toot",
        "feedhive", "friends+me", "gain app", "github actions", "gremlin social", "hootsuite", "hopper hq",
        "hubspot", "hypefury", "ifttt", "integromat", "jetpack", "kontentino", "later.com", "latermedia",
        "linkis", "loomly", "make.com", "mavsocial", "meetedgar", "metricool", "missinglettr",
        "moa bridge", "n8n", "nuvi", "oktopost", "onlypult", "pallyy", "percolate", "planable", "plann",
        "postcron", "postplanner", "promorepublic", "publer", "radaar", "recurpost", "revive old post",
        "revive social", "roundteam", "rss", "rss.app", "sendible", "simplified social", "smartermail bot",
        "smarterqueue", "social champ", "social jukebox", "socialbakers", "socialbee", "socialbu",
        "socialdog", "socialflow", "socialoomph", "socialpilot", "socialreport", "socialsuite",
        "sociamonials", "spreadfast", "sprinklr", "sprout social", "statusbrew", "storychief",
        "studio.twitter", "tailwind app", "talkwalker", "tweetbot scheduler", "tweetdeck scheduler",
        "tweethunter", "tweetily", "twittbot", "twitter ads", "twitter media studio", "twitterfeed",
        "twuffer", "typefully", "vista social", "wordpress.com", "wp to twitter", "zapier", "zoho social",
    }
)  # fmt: skip
"""Schedulers and automation tools, in lower case: a program is one if these words are in its name."""
EXACT = frozenset({"buffer", "edgar", "later", "make", "plann", "percolate", "rss", "jetpack"})
"""Tools whose name is also an ordinary word: the program's whole name, but for its company's form."""

_TAG = re.compile(r"<[^>]*>")
_FORM = re.compile(r"[,.]?\s+(?:inc|llc|ltd|gmbh|app|for business|publishing|publish|social|pro)\.?$")
_SPACES = re.compile(r"\s+")
_FOUND = re.compile(r"(?<!\w)(?:" + "|".join(re.escape(tool) for tool in sorted(TOOLS - EXACT)) + r")(?!\w)")


def automation(actor: Actor, generator: str | None) -> bool | None:
    """Whether a message was sent by automation; None: neither the account nor the program tells.

    Args:
        actor: Who sent it; `service` declares automation.
        generator: The program that it was sent with, as the platform names it; one that is not known is none
            of the tools.
    """
    if actor.kind is ActorKind.SERVICE:
        return True
    name = generator.strip() if generator else ""
    return is_tool(name) if name else None


@lru_cache(maxsize=1 << 12)
def is_tool(generator: str) -> bool:
    """Whether a program is on the list, whatever its case, its mark-up and its company's form."""
    name = _SPACES.sub(" ", html.unescape(_TAG.sub(" ", generator))).strip().lower()
    return _FOUND.search(name) is not None or name in EXACT or _FORM.sub("", name) in EXACT
