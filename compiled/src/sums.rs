//! What a thread adds to the columns of `dialogue_minutes`: `streams/sums.py`.

use crate::direct::Directed;
use crate::heard::Heard;
use crate::questions::is_question;
use crate::rows::{Conversation, Sum, Sums};
use crate::vocabulary::{Direction, Effect, Role};

/// Add one to the columns of a message that counts, in its own minute: anchor E, and K of a question.
///
/// Args:
///     heard: The message.
///     answered_by: Who first answered it, if it is a question.
///     sums: What is added to.
pub fn add_message(heard: &Heard<'_>, answered_by: Option<Role>, sums: &mut Sums) {
    let directed = &heard.directed;
    let Some(direction) = directed.direction else {
        return;
    };
    sums.add(column(direction), 1);
    let is_own = matches!(direction, Direction::Bo | Direction::Bc | Direction::Bx);
    match directed.actor_role {
        Role::Brand if is_own => add_own(heard, direction, sums),
        Role::Customer => add_customers(heard, answered_by, sums),
        _ => {}
    }
}

fn column(direction: Direction) -> Sum {
    match direction {
        Direction::Bo => Sum::Bo,
        Direction::Bc => Sum::Bc,
        Direction::Cb => Sum::Cb,
        Direction::Cc => Sum::Cc,
        Direction::Co => Sum::Co,
        Direction::Bx => Sum::Bx,
        Direction::Cx => Sum::Cx,
        Direction::Undecided => Sum::Undecided,
    }
}

fn add_customers(heard: &Heard<'_>, answered_by: Option<Role>, sums: &mut Sums) {
    match heard.labels.sentiment {
        Some(1) => sums.add(Sum::Positive, 1),
        Some(-1) => sums.add(Sum::Negative, 1),
        Some(_) => sums.add(Sum::Neutral, 1),
        None => {}
    }
    add_share(heard.labels.love, (Sum::LoveKnown, Sum::Loving), sums);
    if is_question(heard) {
        sums.add(Sum::Questions, 1);
        if answered_by == Some(Role::Customer) {
            sums.add(Sum::PeerAnswered, 1);
        }
    }
}

fn add_own(heard: &Heard<'_>, direction: Direction, sums: &mut Sums) {
    let labels = &heard.labels;
    sums.add(Sum::BrandMessages, 1);
    if heard.voice().is_some() {
        sums.add(Sum::Named, 1);
    }
    add_share(labels.automation, (Sum::AutomationKnown, Sum::Automated), sums);
    if direction == Direction::Bc {
        add_share(labels.deflection, (Sum::DeflectionKnown, Sum::Deflections), sums);
    }
    if direction == Direction::Bo && labels.asks == Some(true) {
        sums.add(Sum::Asks, 1);
    }
}

/// Add one to the columns of those of which something is known, and of those of which it is true.
fn add_share(label: Option<bool>, (known, is_so): (Sum, Sum), sums: &mut Sums) {
    if let Some(label) = label {
        sums.add(known, 1);
        if label {
            sums.add(is_so, 1);
        }
    }
}

/// Add one to the columns of a message in the minute of what it answers: anchor K.
///
/// Args:
///     heard: The message.
///     parent: What it replies to or quotes, which is known and live.
///     sums: What is added to.
pub fn add_reply(heard: &Heard<'_>, parent: &Directed<'_>, sums: &mut Sums) {
    let directed = &heard.directed;
    let is_customers = directed.counts && directed.actor_role == Role::Customer;
    if let (Some(Direction::Bo), true, Some(sentiment)) =
        (parent.direction, is_customers, heard.labels.sentiment)
    {
        sums.add(Sum::BoReplies, 1);
        if sentiment < 0 {
            sums.add(Sum::BoNegative, 1);
        }
    }
}

/// Add one to the columns of a reaction, in its own minute: anchor E.
pub fn add_reaction(directed: &Directed<'_>, sums: &mut Sums) {
    if directed.effect == Some(Effect::Give) {
        sums.add(Sum::Gives, 1);
    }
}

/// Add what a conversation adds to the minute of its start, where that is not 0: anchor K.
///
/// Args:
///     row: The conversation.
///     has_brand_root: Whether its root is the brand's and counts.
///     customer_messages: Messages of customers that count.
///     sums: What is added to.
pub fn add_conversation(row: &Conversation, has_brand_root: bool, customer_messages: u32, sums: &mut Sums) {
    let is_brand_free = row.brand_messages == u32::from(row.brand_root);
    let numbers = [
        (Sum::CustomerConversations, u32::from(row.customers > 0)),
        (Sum::C2cConversations, u32::from(row.customers > 1 && row.cc > 0)),
        (Sum::BrandRoots, u32::from(has_brand_root)),
        (Sum::RootReplies, if has_brand_root { customer_messages } else { 0 }),
        (Sum::TwoSided, u32::from(row.brand_messages > 0 && row.customer_messages > 0)),
        (Sum::Loops, u32::from(row.is_loop)),
        (Sum::StartedCc, row.cc),
        (Sum::BrandFreeCc, if is_brand_free { row.cc } else { 0 }),
    ];
    for (column, number) in numbers {
        if number > 0 {
            sums.add(column, number as i32);
        }
    }
}
