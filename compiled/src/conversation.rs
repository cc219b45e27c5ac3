//! What the activities of one thread amount to, whatever order they came in: `streams/conversation.py`.
//!
//! Messages go by their place in order of event time and id; ids are looked up once.

use std::sync::Arc;

use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use crate::event::{Moment, Reference, SocialEvent, Str};
use crate::fold::Stored;
use crate::vocabulary::{Activity, ActorKind};

/// By account: the event time up to which what it did counts as deleted.
pub type Forgotten = FxHashMap<Str, Moment>;

/// The messages and reactions of one thread.
pub struct Conversation<'a> {
    /// The root's id; of a thread whose top has not come yet, the id that is waited for.
    pub key: &'a Str,
    /// In order of event time and id, deleted ones included: their replies still answer them.
    pub messages: Vec<Message>,
    /// Those that stand, in order of event time and id.
    pub reactions: Vec<&'a Arc<SocialEvent>>,
    /// Reactions that do not stand: undone, deleted, forgotten, or followed by another of the same actor.
    pub overruled: Vec<&'a Arc<SocialEvent>>,
    /// Place of the message that started it, where it is known.
    pub root: Option<usize>,
    by_id: FxHashMap<&'a str, usize>,
    /// Accounts that declare automation.
    bots: FxHashSet<&'a str>,
}

/// A message with the newest version's content.
pub struct Message {
    pub event: Arc<SocialEvent>,
    /// Place of what it replies to, where that is known.
    pub parent: Option<usize>,
    /// Place of what it quotes, where that is known.
    pub quoted: Option<usize>,
    /// Deleted or forgotten.
    pub retracted: bool,
}

impl<'a> Conversation<'a> {
    /// The conversation that a set of activities of one thread makes.
    ///
    /// Args:
    ///     key: The thread's key.
    ///     stored: Distinct activities of one platform, in any order.
    ///     forgotten: By account: the event time up to which what it did counts as deleted.
    pub fn of(key: &'a Str, stored: &'a [Stored], forgotten: &Forgotten) -> Conversation<'a> {
        let ordered = in_order(stored);
        let retracted = retracted_ids(&ordered, forgotten);
        let reactions: Vec<_> =
            ordered.iter().copied().filter(|activity| activity.activity.is_reaction()).collect();
        let standing = standing(&reactions, &ordered, &retracted, forgotten);
        let overruled = overruled(reactions, &standing);
        let messages = merged(&ordered);
        let by_id: FxHashMap<&'a str, usize> =
            messages.iter().enumerate().map(|(place, &(id, _))| (id, place)).collect();
        let messages: Vec<Message> =
            messages.into_iter().map(|(id, event)| linked(event, &by_id, retracted.contains(id))).collect();
        let root = by_id.get(&**key).copied().filter(|&place| messages[place].event.in_reply_to.is_none());
        let bots = ordered
            .iter()
            .filter(|activity| activity.actor.kind == Some(ActorKind::Service))
            .map(|activity| &*activity.actor.id)
            .collect();
        Conversation { key, messages, reactions: standing, overruled, root, by_id, bots }
    }

    /// The place of the message with an id.
    pub fn place(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// Whether an account declares automation.
    pub fn is_bot(&self, account: &str) -> bool {
        !self.bots.is_empty() && self.bots.contains(account)
    }

    /// The root, or the first known message while the root is not known.
    pub fn start(&self) -> Option<usize> {
        self.root.or((!self.messages.is_empty()).then_some(0))
    }
}

impl Message {
    /// Place of what it replies to or quotes, where that is known.
    pub fn above(&self) -> Option<usize> {
        if self.event.in_reply_to.is_some() { self.parent } else { self.quoted }
    }
}

fn linked(event: Arc<SocialEvent>, by_id: &FxHashMap<&str, usize>, retracted: bool) -> Message {
    let place = |reference: &Option<Reference>| by_id.get(&*reference.as_ref()?.id).copied();
    Message { parent: place(&event.in_reply_to), quoted: place(&event.quote_of), retracted, event }
}

fn in_order(stored: &[Stored]) -> Vec<&Arc<SocialEvent>> {
    let mut ordered: Vec<_> = stored.iter().map(|one| &one.event).collect();
    ordered.sort_by(|one, other| {
        (one.published.cmp(&other.published))
            .then_with(|| one.id.cmp(&other.id))
            .then_with(|| one.version.cmp(&other.version))
            .then_with(|| one.activity.word().cmp(other.activity.word()))
    });
    ordered
}

/// Whether an activity is one of those that its account is forgotten for.
pub fn is_forgotten(event: &SocialEvent, forgotten: &Forgotten) -> bool {
    !forgotten.is_empty() && forgotten.get(&event.actor.id).is_some_and(|&until| event.published <= until)
}

/// Ids of what was deleted, and of the messages of accounts that are forgotten.
fn retracted_ids<'a>(activities: &[&'a Arc<SocialEvent>], forgotten: &Forgotten) -> FxHashSet<&'a str> {
    let deleted = activities
        .iter()
        .filter(|activity| activity.activity == Activity::Delete)
        .filter_map(|activity| activity.object.as_ref())
        .map(|object| &*object.id);
    let messages_forgotten = activities
        .iter()
        .filter(|activity| activity.activity.is_message() && is_forgotten(activity, forgotten))
        .map(|activity| &*activity.id);
    deleted.chain(messages_forgotten).collect()
}

/// The messages by their ids, in order of event time and id.
fn merged<'a>(ordered: &[&'a Arc<SocialEvent>]) -> Vec<(&'a str, Arc<SocialEvent>)> {
    let mut versions: IndexMap<&'a str, Versions<'a>, FxBuildHasher> = IndexMap::default();
    for &activity in ordered {
        if activity.activity.is_message() || activity.activity == Activity::Update {
            versions
                .entry(&*activity.id)
                .and_modify(|found| found.add(activity))
                .or_insert_with(|| Versions::of(activity));
        }
    }
    let mut messages: Vec<_> =
        versions.into_iter().filter_map(|(id, found)| Some((id, found.merge()?))).collect();
    messages.sort_by(|one, other| (one.1.published, one.0).cmp(&(other.1.published, other.0)));
    messages
}

/// What counts of the versions of one message.
struct Versions<'a> {
    /// The first that is a message: an update may come without.
    original: Option<&'a Arc<SocialEvent>>,
    newest: &'a Arc<SocialEvent>,
}

impl<'a> Versions<'a> {
    fn of(version: &'a Arc<SocialEvent>) -> Versions<'a> {
        Versions { original: version.activity.is_message().then_some(version), newest: version }
    }

    fn add(&mut self, version: &'a Arc<SocialEvent>) {
        let rank = |event: &SocialEvent| (event.version, event.published, event.activity.word());
        if rank(version) > rank(self.newest) {
            self.newest = version;
        }
        if version.activity.is_message() && self.original.is_none_or(|first| rank(version) < rank(first)) {
            self.original = Some(version);
        }
    }

    /// The first version with the newest version's content: an edit keeps time and direction.
    fn merge(&self) -> Option<Arc<SocialEvent>> {
        let original = self.original?;
        if Arc::ptr_eq(original, self.newest) {
            return Some(original.clone());
        }
        let newest = self.newest;
        Some(Arc::new(SocialEvent {
            text: newest.text.clone(),
            lang: newest.lang.clone(),
            hashtags: newest.hashtags.clone(),
            urls: newest.urls.clone(),
            ..SocialEvent::clone(original)
        }))
    }
}

/// Of what a reaction is the only one that stands.
#[derive(PartialEq, Eq, Hash)]
enum Stance<'a> {
    Relation(Activity, &'a str),
    Opinion(&'a str, &'a str),
    Share(&'a str, &'a str),
}

impl<'a> Stance<'a> {
    fn of(reaction: &'a SocialEvent) -> Stance<'a> {
        let actor = &*reaction.actor.id;
        let acted_on = reaction.object.as_ref().map_or("", |object| &*object.id);
        match reaction.activity {
            activity if activity.is_relation() => Stance::Relation(activity, &reaction.id),
            Activity::Like | Activity::Dislike => Stance::Opinion(actor, acted_on),
            _ => Stance::Share(actor, acted_on),
        }
    }
}

/// Of an actor's likes and dislikes of one object, and of its reposts, the last one; all relations.
fn standing<'a>(
    reactions: &[&'a Arc<SocialEvent>],
    ordered: &[&'a Arc<SocialEvent>],
    retracted: &FxHashSet<&str>,
    forgotten: &Forgotten,
) -> Vec<&'a Arc<SocialEvent>> {
    if reactions.is_empty() {
        return Vec::new();
    }
    // Nobody undoes what somebody else did, and only a reaction is undone.
    let undone: FxHashSet<(&str, &str)> = ordered
        .iter()
        .filter(|activity| activity.activity == Activity::Undo)
        .filter_map(|activity| Some((&*activity.object.as_ref()?.id, &*activity.actor.id)))
        .collect();
    let mut last: IndexMap<Stance<'a>, &'a Arc<SocialEvent>, FxBuildHasher> = IndexMap::default();
    for &reaction in reactions {
        if !retracted.contains(&*reaction.id)
            && !undone.contains(&(&*reaction.id, &*reaction.actor.id))
            && !is_forgotten(reaction, forgotten)
        {
            last.insert(Stance::of(reaction), reaction);
        }
    }
    let mut standing: Vec<_> = last.into_values().collect();
    standing.sort_by(|one, other| (one.published, &one.id).cmp(&(other.published, &other.id)));
    standing
}

fn overruled<'a>(
    reactions: Vec<&'a Arc<SocialEvent>>,
    standing: &[&'a Arc<SocialEvent>],
) -> Vec<&'a Arc<SocialEvent>> {
    let stands: FxHashSet<_> = standing.iter().map(|reaction| Arc::as_ptr(reaction)).collect();
    reactions.into_iter().filter(|reaction| !stands.contains(&Arc::as_ptr(reaction))).collect()
}
