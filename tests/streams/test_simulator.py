"""The simulated community: valid, repeatable, full of the cases of the domain, and right about itself."""

from __future__ import annotations

import itertools
from collections import defaultdict
from datetime import timedelta

import pytest

from schemas.event import Activity, SocialEvent
from schemas.metrics import CATALOGUE
from streams.simulator import START, SUMS, simulate

DAY = timedelta(days=1)


class World:
    """The events of the default run, indexed: `messages` holds the first delivery of each message."""

    def __init__(self):
        self.simulation = simulate()
        self.events = self.simulation.events
        self.messages = {e.id: e for e in reversed(self.events) if e.is_message and e.visibility != "direct"}
        self.roots = [e for e in self.messages.values() if not e.in_reply_to]
        self.posts = [e for e in self.roots if self.brand(e)]
        self.openings = [e for e in self.roots if not self.brand(e)]
        self.replies = [e for e in self.messages.values() if e.in_reply_to]
        self.orphans = [e for e in self.replies if e.in_reply_to.id not in self.messages]
        parents = [(e, self.messages.get(e.in_reply_to.id)) for e in self.replies]
        self.answers = [(e, parent) for e, parent in parents if parent]
        self.chats = [(e, p) for e, p in self.answers if not self.brand(e) and not self.brand(p)]
        self.deleted = {e.object.id for e in self.events if e.activity is Activity.DELETE}
        self.liked = [e for e in self.events if e.activity is Activity.LIKE]
        self.first = {}
        self.copies = defaultdict(list)
        for number, event in enumerate(self.events):
            self.first.setdefault((event.id, event.activity), number)
            self.copies[event.id, event.activity].append(event)

    def brand(self, event, account=None):
        at = min(event.published, event.observed or event.published)
        return self.simulation.registry.brand_of(event.platform, account or event.actor.id, at)

    def is_bot(self, event):
        return event.actor.kind == "service" and not self.brand(event)

    def named(self, event):
        return [self.brand(event, mention.id) for mention in event.mentions]


@pytest.fixture(scope="module")
def world():
    return World()


# Each case of the domain: the events, or whatever else is there only with them.
CASES = {
    "brand, plain": lambda w: [e for e in w.posts if not e.mentions and not e.quote_of],
    "brand, to customers": lambda w: [e for e in w.posts if w.named(e) in ([None], [None] * 3)],
    "brand, blasting": lambda w: [e for e in w.posts if w.named(e).count(None) > 3],
    "brand, to a brand": lambda w: [e for e in w.posts if any(w.named(e))],
    "customer, to nobody": lambda w: [e for e in w.roots if e.brands and not e.mentions],
    "customer, to the brand": lambda w: [e for e in w.openings if any(w.named(e)) and not e.brands],
    "customer, to two brands": lambda w: [e for e in w.roots if len({*w.named(e)} - {None}) == 2],
    "customer, to a customer": lambda w: [e for e in w.roots if e.brands and w.named(e) == [None]],
    "customer, to another": lambda w: [e for e in w.roots if e.brands and any(w.named(e))],
    "customer quotes brand": lambda w: [e for e in w.roots if e.quote_of and w.brand(e, e.quote_of.actor_id)],
    "brand quotes customer": lambda w: [e for e in w.posts if e.quote_of],
    "customer quotes customer": lambda w: [e for e in w.roots if e.quote_of and e.brands],
    "reply that quotes": lambda w: [e for e in w.replies if e.quote_of],
    "brand goes on": lambda w: [e for e, p in w.answers if w.brand(e) and e.actor.id == p.actor.id],
    "sibling goes on": lambda w: [
        e for e, p in w.answers if w.brand(e) and w.brand(e) == w.brand(p) and e.actor.id != p.actor.id
    ],
    "customer goes on": lambda w: [
        e for e, p in w.chats if not p.in_reply_to and e.actor.id == p.actor.id and e.mentions and p.mentions
    ],
    "inherited, told": lambda w: [e for e in w.replies if any(m.inherited for m in e.mentions)],
    "inherited, not told": lambda w: [e for e in w.replies if any(m.inherited is None for m in e.mentions)],
    "brand newly named": lambda w: [
        e for e, _ in w.chats if any(m.inherited is False and w.brand(e, m.id) for m in e.mentions)
    ],
    "brand meets brand": lambda w: [
        e for e, p in w.answers if w.brand(e) and w.brand(p) not in {None, w.brand(e)}
    ],
    "bot replies": lambda w: [e for e in w.replies if w.is_bot(e)],
    "bot posts": lambda w: [e for e in w.roots if w.is_bot(e)],
    "bot is answered": lambda w: [e for e, p in w.answers if w.is_bot(p)],
    "brand that is automated": lambda w: [e for e in w.posts if e.actor.kind == "service"],
    "agent's own account": lambda w: [e for e in w.replies if e.actor.agent == "Ann" and w.brand(e)],
    "fan, then brand": lambda w: [e for e in w.posts if e.actor.handle == "ember_friends"],
    "fan": lambda w: [e for e in w.openings if e.actor.handle == "ember_friends"],
    "followers": lambda w: [e for e in w.messages.values() if w.brand(e) and e.actor.followers],
    "orphan, undecided": lambda w: [e for e in w.orphans if not e.in_reply_to.actor_id],
    "orphan, named": lambda w: [e for e in w.orphans if e.in_reply_to.actor_id],
    "orphan, own thread": lambda w: [e for e in w.orphans if not e.conversation],
    "orphan, root known": lambda w: [e for e in w.orphans if e.conversation in w.messages],
    "conversation derived": lambda w: [e for e, p in w.answers if not e.conversation and not p.conversation],
    "reply before its parent": lambda w: [
        e for e, p in w.answers if w.first[e.id, e.activity] < w.first[p.id, p.activity]
    ],
    "twice": lambda w: [copies for copies in w.copies.values() if len(copies) > 1],
    "seen later as well": lambda w: [c for c in w.copies.values() if len({e.observed for e in c}) > 1],
    "late": lambda w: [e for e in w.events if e.observed and e.observed > e.published + 14 * DAY],
    "clock ahead": lambda w: [e for e in w.events if e.observed and e.published > e.observed],
    "deleted": lambda w: w.deleted & {e.id for e in w.replies},
    "deleted root": lambda w: w.deleted & {e.id for e in w.posts},
    "deleted before it came": lambda w: [
        e
        for e in w.events
        if e.activity == "delete"
        and w.first[e.id, "delete"] < w.first[e.object.id, w.messages[e.object.id].activity]
    ],
    "edited": lambda w: [e for e in w.events if e.activity is Activity.UPDATE and e.version == 1],
    "direct": lambda w: [e for e in w.events if e.is_message and e.visibility == "direct"],
    **{
        f"{kind} is no message": lambda w, kind=kind: [e for e in w.events if e.activity == kind]
        for kind in ("like", "repost", "follow", "unfollow", "block", "undo")
    },
    "in another language": lambda w: [e for e in w.messages.values() if e.lang == "sv"],
    "a link": lambda w: [e for e in w.posts if e.urls],
    "a campaign's tag": lambda w: [e for e in w.posts if "EmberSale" in e.hashtags],
    "a scheduler": lambda w: [e for e in w.posts if e.generator == "Buffer"],
    "no program told": lambda w: [e for e in w.posts if e.generator is None],
    "signed": lambda w: [e for e in w.answers if e[0].text.endswith(("^Ida", "- Ida", "/Ida"))],
    "sent away": lambda w: [e for e in w.replies if w.brand(e) and " DM " in e.text],
    "brand likes a customer": lambda w: [
        e for e in w.liked if w.brand(e) and not w.brand(e, e.object.actor_id)
    ],
    "customer likes an answer": lambda w: [
        e for e in w.liked if w.brand(e, e.object.actor_id) and w.messages[e.object.id].in_reply_to
    ],
    "meaning edited": lambda w: [
        e for e in w.events if e.activity == "update" and w.messages[e.id].text != e.text
    ],
}


@pytest.mark.parametrize("case", CASES)
def test_every_case_of_the_domain_is_there_in_a_small_share(world, case):
    found = CASES[case](world)
    assert 1 <= len(found) < len(world.events) / 2


def test_the_same_arguments_give_the_same_world():
    one, two = simulate(3, seed=5), simulate(3, seed=5)
    assert one == two
    assert simulate(3, seed=6).events != one.events


def test_events_survive_the_wire(world):
    for event in world.events[::25]:
        assert SocialEvent.model_validate_json(event.model_dump_json(exclude_defaults=True)) == event


def test_no_event_is_one_for_the_dead_letters(world):
    assert all(not e.observed or e.published < e.observed + DAY for e in world.events)
    assert {e.platform for e in world.events} == {"x", "mastodon", "bluesky"}
    assert 15_000 < len(world.events) < 30_000


@pytest.mark.parametrize("days", [1, 2, 10])
def test_any_number_of_days_will_do(days):
    simulation = simulate(days)
    assert {day for _, day in simulation.truth_by_day} == {START.date() + n * DAY for n in range(days)}
    assert all(totals["brand_roots"] for totals in simulation.totals.values())


def test_what_was_before_is_no_part_of_the_period():
    simulation = simulate(7, history=100)
    assert simulation.period == (START, START + 7 * DAY)
    assert min(event.published for event in simulation.events) < START - 90 * DAY
    days = {day for _, day in simulation.truth_by_day}
    assert days == {START.date() + n * DAY for n in range(7)}
    for brand, totals in simulation.totals.items():
        within = [
            sums for (name, day), sums in simulation.totals_by_day.items() if name == brand and day in days
        ]
        assert {what: sum(sums[what] for sums in within) for what in SUMS} == totals


@pytest.fixture(scope="module")
def deep():
    """A world with a past."""
    return simulate(history=112)


def test_every_metric_has_something_to_show(deep):
    nothing = {"engagement_rate"}  # no platform here tells how often something was shown
    for column in deep.truth["ember"]:
        shown = [values[column] for values in deep.truth.values() if values[column] is not None]
        assert any(shown) is (column not in nothing), column


def test_brands_of_different_manners_have_different_values(deep):
    truth = deep.truth
    assert truth["hearth"]["reply_rate"] > truth["ember"]["reply_rate"] > truth["clarion"]["reply_rate"]
    assert truth["hearth"]["canned_share"] < truth["clarion"]["canned_share"]
    assert truth["ember"]["push_penalty"] > 2
    assert truth["hearth"]["partnering_rate"] > truth["clarion"]["partnering_rate"]
    assert truth["clarion"]["automation_share"] == 1


def test_agents_differ_in_skill_and_some_answer_often(world):
    agents = world.simulation.agents["hearth"]
    assert sum(agent.answered >= 30 for agent in agents.values()) >= 3
    assert agents["Ann"].completion > agents["Noor"].completion
    assert agents["Ann"].stands_out


def test_one_topic_rises_towards_the_end_around_one_brand(world):
    events = [event for event in world.events if "filtergate" in event.hashtags and event.is_message]
    assert min(event.published for event in events) >= START + 42 * DAY
    topics = world.simulation.topics
    assert topics["hearth"]["filtergate"].messages > 20
    assert topics["hearth"]["filtergate"].share > 5 * (topics["ember"]["filtergate"].share or 0)


def test_no_days_are_no_world():
    with pytest.raises(ValueError, match="at least one day"):
        simulate(0)


def test_the_truth_covers_the_catalogue(world):
    for values in world.simulation.truth.values():
        assert set(values) == {metric.column for metric in CATALOGUE}
    by_minute = {metric.column for metric in CATALOGUE if metric.source == "dialogue_minutes"}
    assert all(set(values) == by_minute for values in world.simulation.truth_by_day.values())


def test_ratios_are_what_the_catalogue_makes_of_the_sums(world):
    for brand, totals in world.simulation.totals.items():
        for metric in CATALOGUE:
            if metric.source == "dialogue_minutes" and metric.column in world.simulation.truth[brand]:
                ratio = eval(metric.numerator, {}, totals) / eval(metric.denominator, {}, totals)
                assert world.simulation.truth[brand][metric.column] == pytest.approx(ratio, abs=1e-12)


def test_shares_of_one_whole_add_up(world):
    for values in world.simulation.truth.values():
        assert values["dialogue_ratio"] + values["broadcast_share"] == pytest.approx(1)
        assert sum(values[f"mix_{name}"] for name in ("bo", "bc", "cb", "cc", "co")) == pytest.approx(1)
        assert 0.9 < values["direction_coverage"] < 1


def test_days_add_up_to_the_whole(world):
    for brand, totals in world.simulation.totals.items():
        days = [sums for (name, _), sums in world.simulation.totals_by_day.items() if name == brand]
        assert {what: sum(sums[what] for sums in days) for what in SUMS} == totals


def _weekly(simulation, brand):
    days = [sums for (name, _), sums in simulation.totals_by_day.items() if name == brand]
    weeks = [days[n : n + 7] for n in range(0, 56, 7)]
    return [(sum(d["bo"] for d in week), sum(d["bc"] for d in week)) for week in weeks]


@pytest.mark.parametrize("seed", [7, *(pytest.param(seed, marks=pytest.mark.thorough) for seed in (1, 2))])
def test_the_drifting_brand_drifts_and_the_others_do_not(seed):
    simulation = simulate(seed=seed)
    weeks = {brand: _weekly(simulation, brand) for brand in simulation.truth}
    shares = {brand: [bo / (bo + bc) for bo, bc in sums] for brand, sums in weeks.items()}
    drift = shares["ember"]
    assert sum((b > a) - (b < a) for a, b in itertools.combinations(drift, 2)) >= 20  # Mann-Kendall
    assert drift[-1] >= drift[0] + 0.3
    assert all(bo + bc >= 20 for bo, bc in weeks["ember"])
    assert weeks["ember"][-1][0] > 2 * weeks["ember"][0][0]
    assert min(shares["clarion"]) > 0.6
    assert max(shares["hearth"]) < 0.2
