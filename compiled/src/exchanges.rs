//! The exchanges of a brand and its customers in one conversation: `streams/exchanges.py`.

use pyo3::PyResult;
use pyo3::exceptions::PyOverflowError;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::conversation::Conversation;
use crate::direct::Directed;
use crate::event::{Moment, Str};
use crate::heard::Heard;
use crate::vocabulary::{Activity, Direction, Effect, Role};

const HOUR: i64 = 3_600_000_000;
/// A customer who writes after this long a silence opens another exchange.
const REOPENS: i64 = 24 * HOUR;
/// After this long a silence since its first reply an exchange is over; without one, for now.
const QUIET: i64 = 72 * HOUR;
/// What a customer says this long after the first reply still confirms it.
const CONFIRMS: i64 = 7 * 24 * HOUR;
/// The last moment that the definition can tell.
const LAST: Moment = 253_402_300_799_999_999;

/// One message between the brand and a customer.
#[derive(Clone, Copy)]
pub struct Contact<'a> {
    pub at: Moment,
    pub id: &'a Str,
    /// Place among the conversation's messages.
    place: usize,
    by_brand: bool,
    thanks: Option<bool>,
    /// Who wrote it for the brand, as far as that has a name.
    pub voice: Option<&'a Str>,
}

/// What has come of one exchange; see the columns `exchange_*` of `interactions`.
pub struct Exchange<'a> {
    pub quiet_from: Moment,
    pub replies: u32,
    pub closed_at: Option<Moment>,
    pub reply: Option<Contact<'a>>,
    pub back_at: Option<Moment>,
    pub confirmed_at: Option<Moment>,
    pub classified: bool,
    pub single: bool,
}

/// When a customer liked which message, by its place; none: what is not known here.
type Like = (Moment, Option<usize>);

/// The exchanges in one brand's space, by the place of the message that opens them.
///
/// Args:
///     messages: The messages in its space, in order.
///     reactions: The reactions in its space, in order.
///     conversation: All of the conversation.
pub fn exchanges<'a>(
    messages: &'a [Heard<'a>],
    reactions: &'a [Heard<'a>],
    conversation: &Conversation<'_>,
) -> PyResult<FxHashMap<usize, Exchange<'a>>> {
    let mut contacts: FxHashMap<&'a str, Vec<Contact<'a>>> = FxHashMap::default();
    for heard in messages {
        if let Some(customer) = customer_of(&heard.directed) {
            contacts.entry(customer).or_default().push(Contact::of(heard));
        }
    }
    let likes = likes(reactions, conversation);
    let mut found = FxHashMap::default();
    for (customer, theirs) in contacts {
        add_exchanges(&theirs, likes.get(customer).map_or(&[], Vec::as_slice), &mut found)?;
    }
    Ok(found)
}

impl<'a> Contact<'a> {
    fn of(heard: &'a Heard<'a>) -> Contact<'a> {
        Contact {
            at: heard.directed.event.published,
            id: &heard.directed.event.id,
            place: heard.directed.place,
            by_brand: heard.directed.actor_role == Role::Brand,
            thanks: heard.labels.thanks,
            voice: heard.voice(),
        }
    }
}

/// What each customer liked of the brand, in order.
fn likes<'a>(reactions: &'a [Heard<'a>], conversation: &Conversation<'_>) -> FxHashMap<&'a str, Vec<Like>> {
    let mut likes: FxHashMap<&'a str, Vec<Like>> = FxHashMap::default();
    for heard in reactions {
        let event = heard.directed.event;
        if let (Some(Effect::Applause), Activity::Like, Some(object)) =
            (heard.directed.effect, event.activity, &event.object)
        {
            let what = conversation.place(&object.id);
            likes.entry(&*event.actor.id).or_default().push((event.published, what));
        }
    }
    likes
}

/// The customer whom a message is a contact of the brand with, or None where it is none.
///
/// A quote is one only where it names the brand.
fn customer_of<'a>(directed: &Directed<'a>) -> Option<&'a str> {
    if !directed.counts {
        return None;
    }
    if directed.direction == Some(Direction::Bc) {
        return Some(directed.addressee.map_or("", |account| &**account));
    }
    let turns_to_brand = directed.direction == Some(Direction::Cb) && !directed.indirect;
    let is_contact = directed.actor_role == Role::Customer && (turns_to_brand || directed.adds_brand);
    is_contact.then_some(&*directed.event.actor.id)
}

/// The exchanges of one customer, from the contacts and likes in order.
fn add_exchanges<'a>(
    contacts: &[Contact<'a>],
    likes: &[Like],
    found: &mut FxHashMap<usize, Exchange<'a>>,
) -> PyResult<()> {
    let count = contacts.len();
    let silence = |number: usize| contacts[number].at - contacts[number - 1].at;
    let Some(first) = contacts.iter().position(|contact| !contact.by_brand) else {
        return Ok(());
    };
    let later = (first + 1..count).filter(|&number| !contacts[number].by_brand && silence(number) >= REOPENS);
    let opens: Vec<usize> = std::iter::once(first).chain(later).collect();
    let mut quiets: Vec<usize> = (1..count).filter(|&number| silence(number) >= QUIET).collect();
    quiets.push(count);
    for (number, &start) in opens.iter().enumerate() {
        let following = opens.get(number + 1).copied().unwrap_or(count);
        let reply = (start..following).find(|&number| contacts[number].by_brand);
        // However late the first reply is, only what follows it can be the quiet that closes the exchange.
        let from = reply.unwrap_or(start);
        let quiet = quiets[quiets.partition_point(|&quiet| quiet <= from)];
        found.insert(contacts[start].place, exchange(contacts, start, quiet, reply, likes)?);
    }
    Ok(())
}

/// One exchange.
///
/// Args:
///     contacts: The contacts with one customer.
///     start: Number of the one that opens it.
///     quiet: Number of the one after the first quiet since the reply, or since the opening.
///     reply: Number of the first reply, if there is one.
///     likes: When the customer liked what.
fn exchange<'a>(
    contacts: &[Contact<'a>],
    start: usize,
    quiet: usize,
    reply: Option<usize>,
    likes: &[Like],
) -> PyResult<Exchange<'a>> {
    let span = &contacts[start..quiet];
    let replies = || span.iter().filter(|contact| contact.by_brand);
    let mut exchange = Exchange {
        quiet_from: contacts[quiet - 1].at,
        replies: replies().count() as u32,
        closed_at: replies().next_back().map(|contact| contact.at),
        reply: None,
        back_at: None,
        confirmed_at: None,
        classified: false,
        single: false,
    };
    let Some(reply) = reply else {
        return Ok(exchange);
    };
    let answered = contacts[reply].at;
    let signs = || {
        contacts[reply + 1..]
            .iter()
            .take_while(|contact| contact.at - answered <= CONFIRMS)
            .filter(|contact| !contact.by_brand)
    };
    let back = || contacts[reply + 1..quiet].iter().filter(|contact| !contact.by_brand);
    let thumb = thumb(span, answered, likes)?;
    let thanked = signs().find(|contact| contact.thanks == Some(true)).map(|contact| contact.at);
    exchange.reply = Some(contacts[reply]);
    exchange.back_at = back().next().map(|contact| contact.at);
    exchange.confirmed_at = thanked.into_iter().chain(thumb).min();
    exchange.classified = thumb.is_some() || signs().any(|contact| contact.thanks.is_some());
    exchange.single = exchange.replies == 1 && back().all(|contact| contact.thanks == Some(true));
    Ok(exchange)
}

/// When the customer first liked one of the replies in a span, soon enough after the first.
fn thumb(span: &[Contact<'_>], answered: Moment, likes: &[Like]) -> PyResult<Option<Moment>> {
    if likes.is_empty() {
        return Ok(None);
    }
    let replies: FxHashSet<usize> =
        span.iter().filter(|contact| contact.by_brand).map(|contact| contact.place).collect();
    for &(at, what) in likes {
        if what.is_some_and(|what| replies.contains(&what)) && answered <= at {
            if answered > LAST - CONFIRMS {
                return Err(PyOverflowError::new_err("date value out of range"));
            }
            if at <= answered + CONFIRMS {
                return Ok(Some(at));
            }
        }
    }
    Ok(None)
}
