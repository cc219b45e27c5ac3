//! The rows of `conversations` that a thread yields: the rows of `streams/yields.py`.

use rustc_hash::FxHashSet;

use crate::direct::Directed;
use crate::event::{Moment, SocialEvent, Str};
use crate::interactions::Space;
use crate::loops::has_loop;
use crate::rows::{Conversation, ConversationRow, Stamp};
use crate::seconds::seconds;
use crate::shape::{longest_path, runs};
use crate::vocabulary::{Direction, Role};

/// A conversation as a brand sees it; none where its space has no messages.
///
/// Args:
///     space: What the brand hears.
///     depth: The depth of each message, by place.
///     stamp: How much this has seen.
pub fn summary(space: &Space<'_>, depth: &[u32], stamp: Stamp) -> Option<ConversationRow> {
    let conversation = space.conversation;
    let messages = || space.messages.iter().map(|heard| &heard.directed);
    let (first, last) = (messages().next()?, messages().next_back()?);
    let by = |role: Role| messages().filter(move |directed| directed.actor_role == role);
    let talk: Vec<&Directed<'_>> =
        space.counted().filter(|directed| directed.direction == Some(Direction::Cc)).collect();
    let edges = Edges::of(space.counted());
    let start = conversation.messages[conversation.start()?].event.published;
    let says = Conversation {
        brand: space.brand.name.clone(),
        platform: first.event.platform.clone(),
        conversation: conversation.key.clone(),
        started_at: start,
        last_at: last.event.published,
        brand_root: root_seen(space).is_some(),
        messages: space.messages.len() as u32,
        brand_messages: by(Role::Brand).count() as u32,
        customer_messages: by(Role::Customer).count() as u32,
        customers: distinct(by(Role::Customer).map(author)),
        participants: distinct(messages().map(author)),
        depth: messages().map(|directed| depth[directed.place]).max().unwrap_or(0),
        turns: runs(messages().map(author)),
        duration: seconds(last.event.published - first.event.published),
        bo: edges.count(Direction::Bo),
        bc: edges.count(Direction::Bc),
        cb: edges.count(Direction::Cb),
        cc: edges.count(Direction::Cc),
        co: edges.count(Direction::Co),
        bx: edges.count(Direction::Bx),
        cx: edges.count(Direction::Cx),
        undecided: edges.count(Direction::Undecided),
        c2c_depth: longest_path(talk.iter().map(|directed| directed.place).collect(), conversation, depth),
        c2c_turns: runs(talk.iter().map(|directed| author(directed))),
        c2c_duration: match (talk.first(), talk.last()) {
            (Some(first), Some(last)) => seconds(last.event.published - first.event.published),
            _ => 0.0,
        },
        c2c_participants: distinct(
            talk.iter()
                .flat_map(|directed| [author(directed), directed.addressee.map_or("", |account| &**account)]),
        ),
        is_loop: has_loop(space),
        removed: false,
    };
    Some(ConversationRow { says, stamp })
}

/// How many messages go in each direction.
struct Edges([u32; Direction::ALL.len()]);

impl Edges {
    fn of<'d>(counted: impl Iterator<Item = &'d Directed<'d>>) -> Edges {
        let mut edges = Edges([0; Direction::ALL.len()]);
        for direction in counted.filter_map(|directed| directed.direction) {
            edges.0[direction as usize] += 1;
        }
        edges
    }

    fn count(&self, direction: Direction) -> u32 {
        self.0[direction as usize]
    }
}

fn author<'a>(directed: &Directed<'a>) -> &'a str {
    &directed.event.actor.id
}

fn distinct<'a>(accounts: impl Iterator<Item = &'a str>) -> u32 {
    accounts.collect::<FxHashSet<_>>().len() as u32
}

/// The root as one brand sees it, where it is known, live, and the brand's own.
pub fn root_seen<'s>(space: &'s Space<'_>) -> Option<&'s Directed<'s>> {
    let root = &space.known(space.conversation.root?)?.directed;
    (root.actor_role == Role::Brand).then_some(root)
}

/// A row that takes back what may be stored under its key; its other columns mean nothing.
pub fn removed_summary(event: &SocialEvent, brand: &Str, thread: &Str, stamp: Stamp) -> ConversationRow {
    let at: Moment = event.published;
    let says = Conversation {
        brand: brand.clone(),
        platform: event.platform.clone(),
        conversation: thread.clone(),
        started_at: at,
        last_at: at,
        brand_root: false,
        messages: 0,
        brand_messages: 0,
        customer_messages: 0,
        customers: 0,
        participants: 0,
        depth: 0,
        turns: 0,
        duration: 0.0,
        bo: 0,
        bc: 0,
        cb: 0,
        cc: 0,
        co: 0,
        bx: 0,
        cx: 0,
        undecided: 0,
        c2c_depth: 0,
        c2c_turns: 0,
        c2c_duration: 0.0,
        c2c_participants: 0,
        is_loop: false,
        removed: true,
    };
    ConversationRow { says, stamp }
}
