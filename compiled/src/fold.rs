//! What one thread yields, its rows and what it adds to the windows: `streams/fold.py`.

use std::sync::Arc;

use pyo3::prelude::*;
use rustc_hash::FxHashMap;

use crate::conversation::{Conversation, Forgotten};
use crate::direct::{Directed, Directions, Told, direct};
use crate::event::{Moment, SocialEvent, Str};
use crate::folded::Folded;
use crate::heard::{Heard, Hearing, Listener, UNLABELLED, agent};
use crate::interactions::{Outcomes, Space, message, reaction, removed_interaction};
use crate::registry::{Brand, Registry};
use crate::rows::{Position, Stamp, Window};
use crate::shape::depths;
use crate::summary::{removed_summary, root_seen, summary};
use crate::sums::{add_conversation, add_message, add_reaction, add_reply};
use crate::vocabulary::{Activity, Role};

/// Microseconds.
const MINUTE: i64 = 60_000_000;

/// An activity of a thread and where it came from.
#[derive(Clone, Debug)]
pub struct Stored {
    pub event: Arc<SocialEvent>,
    pub position: Position,
}

/// What a thread is folded with, beside its activities.
pub struct Given<'a, 'py> {
    pub listener: Listener<'a, 'py>,
    /// Event time up to which replies to unknown parents take the addressee that is named.
    pub settled: Option<Moment>,
    /// How much the thread has seen, for the rows.
    pub seen: u64,
    /// By account: the event time up to which what it did counts as deleted.
    pub forgotten: &'a Forgotten,
}

/// Fold one thread.
///
/// Args:
///     thread: The thread's key.
///     stored: Its distinct activities, all of one platform, in any order.
///     given: What it is folded with.
///     hearing: Knows what was heard of this thread before; changes nothing but the time that it takes.
pub fn fold(
    thread: &Str,
    stored: &[Stored],
    given: &Given<'_, '_>,
    mut hearing: Option<&mut Hearing>,
) -> PyResult<Folded> {
    let Some(newest) = stored.iter().map(|one| one.position).max() else {
        return Ok(Folded::default());
    };
    let registry = given.listener.registry.get();
    let conversation = Conversation::of(thread, stored, given.forgotten);
    let directions = direct(&conversation, registry, given.settled);
    if let Some(hearing) = &mut hearing {
        hearing.turn_to(&given.listener);
    }
    let mut folding = Folding {
        thread,
        platform: &stored[0].event.platform,
        registry,
        seen: given.seen,
        newest,
        positions: positions(stored),
        depth: depths(&conversation),
        conversation: &conversation,
        minutes: Minutes::of(&conversation),
        folded: Folded::default(),
    };
    let Directions { mut told, withdrawn } = directions;
    for (event, brand) in withdrawn {
        folding.withdraw(event, &registry.brands[brand]);
        told.entry(brand).or_default();
    }
    for (brand, told) in told {
        let space = folding.heard(told, brand, &given.listener, hearing.as_deref_mut())?;
        folding.add(&space, &Outcomes::of(&space)?);
    }
    Ok(folding.folded)
}

/// Where the first version of each activity came from.
fn positions(stored: &[Stored]) -> FxHashMap<(Activity, &str), (u32, Position)> {
    let mut positions: FxHashMap<(Activity, &str), (u32, Position)> =
        FxHashMap::with_capacity_and_hasher(stored.len(), Default::default());
    for Stored { event, position } in stored {
        let first = positions.entry((event.activity, &event.id)).or_insert((event.version, *position));
        if event.version <= first.0 {
            *first = (event.version, *position);
        }
    }
    positions
}

/// The minutes in which a conversation has messages.
struct Minutes {
    distinct: Vec<Moment>,
    /// By place of the message: the number of its minute.
    numbers: Vec<usize>,
}

impl Minutes {
    fn of(conversation: &Conversation<'_>) -> Minutes {
        let mut minutes = Minutes { distinct: Vec::new(), numbers: Vec::new() };
        for message in &conversation.messages {
            let at = minute(message.event.published);
            // In order of time, as the messages are.
            if minutes.distinct.last() != Some(&at) {
                minutes.distinct.push(at);
            }
            minutes.numbers.push(minutes.distinct.len() - 1);
        }
        minutes
    }
}

/// One fold at work.
struct Folding<'a> {
    thread: &'a Str,
    platform: &'a Str,
    registry: &'a Registry,
    seen: u64,
    /// Where the newest activity came from.
    newest: Position,
    positions: FxHashMap<(Activity, &'a str), (u32, Position)>,
    /// By place of the message.
    depth: Vec<u32>,
    conversation: &'a Conversation<'a>,
    minutes: Minutes,
    folded: Folded,
}

impl<'a> Folding<'a> {
    fn stamp(&self, event: &SocialEvent) -> Stamp {
        let position = self.positions.get(&(event.activity, &*event.id)).map_or(self.newest, |first| first.1);
        Stamp { seen: self.seen, position }
    }

    fn newest(&self) -> Stamp {
        Stamp { seen: self.seen, position: self.newest }
    }

    /// Take back what may be stored of an event that is not in a brand's space.
    fn withdraw(&mut self, event: &SocialEvent, brand: &Brand) {
        let name = &brand.name;
        let row = removed_interaction(event, name, self.thread, self.stamp(event));
        self.folded.interactions.insert(key(event, name), Arc::new(row));
        let row = removed_summary(event, name, self.thread, self.newest());
        self.folded.conversations.insert(name.clone(), Arc::new(row));
        let by = || self.registry.brand_of(&event.platform, &event.actor.id, event.published);
        if may_give(event) && by() == Some(name) {
            self.folded.windows.entry(window_of(event, name)).or_default();
        }
    }

    /// Label what a brand is told of.
    fn heard(
        &self,
        told: Told<'a>,
        brand: usize,
        listener: &Listener<'_, '_>,
        mut hearing: Option<&mut Hearing>,
    ) -> PyResult<Space<'a>> {
        let heard = |directed: Directed<'a>, labels| Heard {
            directed,
            labels,
            agent: agent(&directed, self.registry),
        };
        let mut messages = Vec::with_capacity(told.messages.len());
        for directed in told.messages {
            let labels = listener.labels(&directed, brand, hearing.as_deref_mut())?;
            messages.push(heard(directed, labels));
        }
        let reactions =
            told.reactions.into_iter().map(|directed| heard(directed, UNLABELLED.clone())).collect();
        Ok(Space::of(&self.registry.brands[brand], self.conversation, messages, reactions))
    }

    /// Add what one brand sees.
    fn add(&mut self, space: &Space<'_>, outcomes: &Outcomes<'_>) {
        let name = &space.brand.name;
        for heard in &space.messages {
            let event = heard.directed.event;
            let depth = self.depth[heard.directed.place];
            let row = message(heard, space, outcomes, depth, self.stamp(event));
            self.folded.interactions.insert(key(event, name), Arc::new(row));
        }
        for heard in &space.reactions {
            let event = heard.directed.event;
            let depth = self.conversation.place(&event.id).map_or(0, |place| self.depth[place]);
            let row = reaction(heard, space, depth, self.stamp(event));
            self.folded.interactions.insert(key(event, name), Arc::new(row));
        }
        let own = self.own_windows(name);
        self.add_summary(space, &own);
        self.book(space, outcomes, &own);
    }

    /// The places of a brand's windows, by number of the minute.
    ///
    /// The whole conversation may have been booked to any of its messages while that was the first known.
    fn own_windows(&mut self, brand: &Str) -> Vec<usize> {
        let mut own = Vec::with_capacity(self.minutes.distinct.len());
        for &minute in &self.minutes.distinct {
            let window = Window { minute, brand: brand.clone(), platform: self.platform.clone() };
            let entry = self.folded.windows.entry(window);
            own.push(entry.index());
            entry.or_default();
        }
        own
    }

    fn add_summary(&mut self, space: &Space<'_>, own: &[usize]) {
        let Some(row) = summary(space, &self.depth, self.newest()) else {
            return;
        };
        let Some(start) = self.conversation.start() else {
            return;
        };
        let has_brand_root = root_seen(space).is_some_and(|root| root.counts);
        let customers = space.counted().filter(|directed| directed.actor_role == Role::Customer).count();
        if let Some((window, sums)) = self.folded.windows.get_index_mut(own[self.minutes.numbers[start]]) {
            self.folded.starts.insert(window.clone());
            add_conversation(&row.says, has_brand_root, customers as u32, sums);
        }
        self.folded.conversations.insert(space.brand.name.clone(), Arc::new(row));
    }

    /// Add what one brand's messages and reactions amount to, each by itself.
    fn book(&mut self, space: &Space<'_>, outcomes: &Outcomes<'_>, own: &[usize]) {
        let windows = &mut self.folded.windows;
        let window = |place: usize| own[self.minutes.numbers[place]];
        for heard in &space.messages {
            let place = heard.directed.place;
            if heard.directed.counts {
                let answered_by = outcomes.answers.get(&place).map(|answer| answer.by);
                add_message(heard, answered_by, &mut windows[window(place)]);
            }
            if let Some(parent) = space.parent_of(heard) {
                add_reply(heard, parent, &mut windows[window(parent.place)]);
            }
        }
        for heard in &space.reactions {
            let directed = &heard.directed;
            if may_give(directed.event) && directed.actor_role == Role::Brand {
                let sums = windows.entry(window_of(directed.event, &space.brand.name)).or_default();
                add_reaction(directed, sums);
            }
        }
    }
}

fn key(event: &SocialEvent, brand: &Str) -> (Str, Activity, Str) {
    (brand.clone(), event.activity, event.id.clone())
}

/// Whether it is a reaction that may be a brand's give.
fn may_give(event: &SocialEvent) -> bool {
    matches!(event.activity, Activity::Like | Activity::Repost)
}

/// The window of a brand that an event belongs to by its own time.
fn window_of(event: &SocialEvent, brand: &Str) -> Window {
    Window { minute: minute(event.published), brand: brand.clone(), platform: event.platform.clone() }
}

/// The start of the minute of a moment, before 1970 too.
fn minute(at: Moment) -> Moment {
    at - at.rem_euclid(MINUTE)
}
