//! The rows of `interactions` that a thread yields: `streams/interactions.py`.

use std::sync::LazyLock;

use pyo3::PyResult;
use rustc_hash::FxHashMap;

use crate::conversation::Conversation;
use crate::direct::Directed;
use crate::event::{Moment, SocialEvent, Str};
use crate::exchanges::{Exchange, exchanges};
use crate::heard::{Heard, UNLABELLED};
use crate::questions::{Answer, first_answers};
use crate::registry::Brand;
use crate::rows::{ExchangeColumns, Interaction, InteractionRow, Stamp};
use crate::seconds::seconds;
use crate::vocabulary::{Role, Scope};

static EMPTY: LazyLock<Str> = LazyLock::new(|| "".into());

fn text(text: Option<&Str>) -> Str {
    text.unwrap_or(&EMPTY).clone()
}

/// What one brand hears of one thread.
pub struct Space<'a> {
    pub brand: &'a Brand,
    pub conversation: &'a Conversation<'a>,
    /// In order, like the reactions.
    pub messages: Vec<Heard<'a>>,
    pub reactions: Vec<Heard<'a>>,
    /// By place of the message: its number among those of the space.
    numbers: Vec<Option<usize>>,
}

impl<'a> Space<'a> {
    /// Make it of all that a brand hears of a thread, in order.
    pub fn of(
        brand: &'a Brand,
        conversation: &'a Conversation<'a>,
        messages: Vec<Heard<'a>>,
        reactions: Vec<Heard<'a>>,
    ) -> Space<'a> {
        let mut numbers = vec![None; conversation.messages.len()];
        for (number, heard) in messages.iter().enumerate() {
            numbers[heard.directed.place] = Some(number);
        }
        Space { brand, conversation, messages, reactions, numbers }
    }

    /// The message at a place, where it is in the space and live.
    pub fn known(&self, place: usize) -> Option<&Heard<'a>> {
        self.numbers[place].map(|number| &self.messages[number])
    }

    /// The messages that go into the sums.
    pub fn counted(&self) -> impl Iterator<Item = &Directed<'a>> {
        self.messages.iter().map(|heard| &heard.directed).filter(|directed| directed.counts)
    }

    /// What a message replies to or quotes, where that is in the space and live.
    pub fn parent_of(&self, message: &Heard<'_>) -> Option<&Directed<'a>> {
        let above = self.conversation.messages[message.directed.place].above()?;
        self.known(above).map(|heard| &heard.directed)
    }
}

/// What comes of the messages of a space.
pub struct Outcomes<'s> {
    /// Seconds within which the brand promises an answer.
    sla: u32,
    /// By the place of the message that opens each.
    exchanges: FxHashMap<usize, Exchange<'s>>,
    /// By the place of the question.
    pub answers: FxHashMap<usize, Answer>,
}

impl<'s> Outcomes<'s> {
    pub fn of(space: &'s Space<'s>) -> PyResult<Outcomes<'s>> {
        // The column holds no more.
        let sla = space.brand.reply_sla_minutes.saturating_mul(60).min(u64::from(u32::MAX));
        Ok(Outcomes {
            sla: sla as u32,
            exchanges: exchanges(&space.messages, &space.reactions, space.conversation)?,
            answers: first_answers(&space.messages, space.conversation),
        })
    }
}

/// A message as a brand sees it.
pub fn message(
    heard: &Heard<'_>,
    space: &Space<'_>,
    outcomes: &Outcomes<'_>,
    depth: u32,
    stamp: Stamp,
) -> InteractionRow {
    let place = heard.directed.place;
    let above = space.conversation.messages[place].above();
    let parent = space.parent_of(heard);
    let answer = outcomes.answers.get(&place);
    let row = seen(heard, space, above, depth);
    let says = Interaction {
        parent_direction: parent.and_then(|parent| parent.direction),
        parent_at: parent.map(|parent| parent.event.published),
        exchange: outcomes
            .exchanges
            .get(&place)
            .map(|exchange| Box::new(exchange_columns(exchange, outcomes.sla))),
        answered_by: answer.map(|answer| answer.by),
        answered_at: answer.map(|answer| answer.at),
        ..row
    };
    InteractionRow { says, stamp }
}

/// A reaction as a brand sees it.
pub fn reaction(heard: &Heard<'_>, space: &Space<'_>, depth: u32, stamp: Stamp) -> InteractionRow {
    let object = heard.directed.event.object.as_ref();
    let above = object.and_then(|object| space.conversation.place(&object.id));
    InteractionRow { says: seen(heard, space, above, depth), stamp }
}

/// What all rows say.
///
/// Args:
///     above: Place of what it replies to, quotes or acts on, where that is known.
fn seen(heard: &Heard<'_>, space: &Space<'_>, above: Option<usize>, depth: u32) -> Interaction {
    let (directed, conversation) = (&heard.directed, space.conversation);
    let event = directed.event;
    let at = |place: usize| conversation.messages[place].event.published;
    Interaction {
        brand: space.brand.name.clone(),
        platform: event.platform.clone(),
        conversation: conversation.key.clone(),
        id: event.id.clone(),
        activity: event.activity,
        published: event.published,
        started_at: conversation.start().map_or(event.published, at),
        direction: directed.direction,
        effect: directed.effect,
        indirect: directed.indirect,
        adds_brand: directed.adds_brand,
        scope_reason: directed.scope,
        actor: event.actor.id.clone(),
        actor_role: directed.actor_role,
        agent: text(heard.agent),
        followers: event.actor.followers,
        addressee: text(directed.addressee),
        addressee_role: directed.addressee_role,
        parent: text(event.about().map(|about| &about.id)),
        depth,
        latency: above.map(|above| seconds(event.published - at(above))),
        lang: text(event.lang.as_ref()),
        labels: heard.labels.clone(),
        parent_direction: None,
        parent_at: None,
        exchange: None,
        answered_by: None,
        answered_at: None,
        removed: false,
    }
}

/// A row that takes back what may be stored under its key; its other columns mean nothing.
pub fn removed_interaction(event: &SocialEvent, brand: &Str, thread: &Str, stamp: Stamp) -> InteractionRow {
    let published: Moment = event.published;
    let says = Interaction {
        brand: brand.clone(),
        platform: event.platform.clone(),
        conversation: thread.clone(),
        id: event.id.clone(),
        activity: event.activity,
        published,
        started_at: published,
        direction: None,
        effect: None,
        indirect: false,
        adds_brand: false,
        scope_reason: Scope::Conversation,
        actor: event.actor.id.clone(),
        actor_role: Role::Customer,
        agent: text(None),
        followers: None,
        addressee: text(None),
        addressee_role: None,
        parent: text(event.about().map(|about| &about.id)),
        depth: 0,
        latency: None,
        lang: text(None),
        labels: UNLABELLED.clone(),
        parent_direction: None,
        parent_at: None,
        exchange: None,
        answered_by: None,
        answered_at: None,
        removed: true,
    };
    InteractionRow { says, stamp }
}

fn exchange_columns(exchange: &Exchange<'_>, sla: u32) -> ExchangeColumns {
    let reply = exchange.reply;
    ExchangeColumns {
        sla,
        reply: text(reply.map(|reply| reply.id)),
        reply_at: reply.map(|reply| reply.at),
        agent: text(reply.and_then(|reply| reply.voice)),
        replies: exchange.replies,
        back_at: exchange.back_at,
        confirmed_at: exchange.confirmed_at,
        classified: exchange.classified,
        quiet_from: Some(exchange.quiet_from),
        closed_at: exchange.closed_at,
        single: exchange.single,
    }
}
