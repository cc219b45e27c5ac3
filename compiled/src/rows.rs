//! The rows that a thread yields: the columns of `schemas/rows/dialogue.py`, field by field.

use std::sync::Arc;

use crate::event::{Moment, Str};
use crate::labels::Labels;
use crate::vocabulary::words;
use crate::vocabulary::{Activity, Direction, Effect, Role, Scope};

/// Where an activity stands in its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    pub epoch: u64,
    pub partition: u64,
    pub offset: u64,
}

/// How much a row has seen, and where the newest of it came from. No part of what the row says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    pub seen: u64,
    pub position: Position,
}

/// Table `interactions`.
#[derive(Clone, Debug)]
pub struct InteractionRow {
    pub says: Interaction,
    pub stamp: Stamp,
}

/// What a row of `interactions` says, whatever it has seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Interaction {
    pub brand: Str,
    pub platform: Str,
    pub conversation: Str,
    pub id: Str,
    pub activity: Activity,
    pub published: Moment,
    pub started_at: Moment,
    pub direction: Option<Direction>,
    pub effect: Option<Effect>,
    pub indirect: bool,
    pub adds_brand: bool,
    pub scope_reason: Scope,
    pub actor: Str,
    pub actor_role: Role,
    pub agent: Str,
    pub followers: Option<i64>,
    pub addressee: Str,
    pub addressee_role: Option<Role>,
    pub parent: Str,
    pub depth: u32,
    pub latency: Option<f64>,
    pub lang: Str,
    pub labels: Arc<Labels>,
    pub parent_direction: Option<Direction>,
    pub parent_at: Option<Moment>,
    /// There where the message opens an exchange.
    pub exchange: Option<Box<ExchangeColumns>>,
    pub answered_by: Option<Role>,
    pub answered_at: Option<Moment>,
    pub removed: bool,
}

/// The columns `exchange_*`; of a message that opens none: null, empty, 0 and false.
#[derive(Clone, Debug, PartialEq)]
pub struct ExchangeColumns {
    pub sla: u32,
    pub reply: Str,
    pub reply_at: Option<Moment>,
    pub agent: Str,
    pub replies: u32,
    pub back_at: Option<Moment>,
    pub confirmed_at: Option<Moment>,
    pub classified: bool,
    pub quiet_from: Option<Moment>,
    pub closed_at: Option<Moment>,
    pub single: bool,
}

/// Table `conversations`.
#[derive(Clone, Debug)]
pub struct ConversationRow {
    pub says: Conversation,
    pub stamp: Stamp,
}

/// What a row of `conversations` says, whatever it has seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Conversation {
    pub brand: Str,
    pub platform: Str,
    pub conversation: Str,
    pub started_at: Moment,
    pub last_at: Moment,
    pub brand_root: bool,
    pub messages: u32,
    pub brand_messages: u32,
    pub customer_messages: u32,
    pub customers: u32,
    pub participants: u32,
    pub depth: u32,
    pub turns: u32,
    pub duration: f64,
    pub bo: u32,
    pub bc: u32,
    pub cb: u32,
    pub cc: u32,
    pub co: u32,
    pub bx: u32,
    pub cx: u32,
    pub undecided: u32,
    pub c2c_depth: u32,
    pub c2c_turns: u32,
    pub c2c_duration: f64,
    pub c2c_participants: u32,
    /// Whether brand and customer came back to each other.
    pub is_loop: bool,
    pub removed: bool,
}

/// Table `activities`.
#[derive(Clone, Debug)]
pub struct ActivityRow {
    pub thread: Str,
    pub platform: Str,
    pub id: Str,
    /// An activity's word, or a mark's.
    pub activity: &'static str,
    pub version: u32,
    pub published: Moment,
    pub body: String,
    pub waiting: bool,
    pub registry: u64,
    pub seen: u64,
    pub position: Position,
    pub removed: bool,
}

/// Table `dialogue_minutes`.
#[derive(Clone, Debug)]
pub struct MinuteRow {
    pub window: Window,
    /// In the order of the columns.
    pub sums: [i64; Sum::ALL.len()],
    pub epoch: u64,
    pub partition: u64,
    pub applied: u64,
}

/// One minute of one brand on one platform.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Window {
    pub minute: Moment,
    pub brand: Str,
    pub platform: Str,
}

words!(
    /// The columns of `dialogue_minutes` that add up, in their order.
    Sum {
        Bo = "bo",
        Bc = "bc",
        Cb = "cb",
        Cc = "cc",
        Co = "co",
        Bx = "bx",
        Cx = "cx",
        Undecided = "undecided",
        BrandRoots = "brand_roots",
        RootReplies = "root_replies",
        CustomerConversations = "customer_conversations",
        C2cConversations = "c2c_conversations",
        TwoSided = "two_sided",
        Loops = "loops",
        StartedCc = "started_cc",
        BrandFreeCc = "brand_free_cc",
        BrandMessages = "brand_messages",
        Named = "named",
        AutomationKnown = "automation_known",
        Automated = "automated",
        DeflectionKnown = "deflection_known",
        Deflections = "deflections",
        Asks = "asks",
        Gives = "gives",
        Positive = "positive",
        Neutral = "neutral",
        Negative = "negative",
        LoveKnown = "love_known",
        Loving = "loving",
        Questions = "questions",
        PeerAnswered = "peer_answered",
        BoReplies = "bo_replies",
        BoNegative = "bo_negative",
    }
);

/// What is added to the columns of one window; sorted by column, 0 to those that are not here.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sums(Vec<(Sum, i32)>);

impl Sums {
    pub fn add(&mut self, column: Sum, number: i32) {
        match self.0.binary_search_by_key(&column, |&(known, _)| known) {
            Ok(place) => self.0[place].1 += number,
            Err(place) => self.0.insert(place, (column, number)),
        }
    }

    /// Add what another adds, or take it away where the sign is -1.
    pub fn add_all(&mut self, other: &Sums, sign: i32) {
        for &(column, number) in &other.0 {
            self.add(column, sign * number);
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (Sum, i32)> {
        self.0.iter().copied()
    }
}
