//! The shape of a conversation: depths, paths and turns; `streams/shape.py`.

use crate::conversation::{Conversation, Message};

/// Replies between each message and its top, by place: 0 for a root; a parent that has not come is a top.
pub fn depths(conversation: &Conversation<'_>) -> Vec<u32> {
    let messages = &conversation.messages;
    let mut depth = vec![0; messages.len()];
    // Of those on the path nothing is known yet: where parents run in a ring, the path ends there.
    let mut is_known = vec![false; messages.len()];
    let mut is_entered = vec![false; messages.len()];
    let mut path = Vec::new();
    for place in 0..messages.len() {
        let mut step = Some(place);
        while let Some(at) = step.filter(|&at| !is_entered[at]) {
            is_entered[at] = true;
            path.push(at);
            step = messages[at].parent;
        }
        while let Some(at) = path.pop() {
            depth[at] = below(&messages[at], |parent| if is_known[parent] { depth[parent] } else { 0 });
            is_known[at] = true;
        }
    }
    depth
}

fn below(message: &Message, depth: impl Fn(usize) -> u32) -> u32 {
    if message.event.in_reply_to.is_some() { message.parent.map_or(0, depth) + 1 } else { 0 }
}

/// Messages on the longest path of replies that stays within some messages; 0 for none.
///
/// Args:
///     places: The messages, in order.
///     conversation: All of the conversation.
///     depth: The depth of each. Where parents run in a ring it tells where the path begins.
pub fn longest_path(mut places: Vec<usize>, conversation: &Conversation<'_>, depth: &[u32]) -> u32 {
    if places.is_empty() {
        return 0;
    }
    places.sort_by_key(|&place| depth[place]);
    let mut length = vec![0; depth.len()];
    for place in places {
        length[place] = 1 + conversation.messages[place].parent.map_or(0, |parent| length[parent]);
    }
    length.into_iter().max().unwrap_or(0)
}

/// Turns: unbroken runs of messages by one author.
pub fn runs<'a>(authors: impl Iterator<Item = &'a str>) -> u32 {
    let mut last = None;
    let mut runs = 0;
    for author in authors {
        if last != Some(author) {
            runs += 1;
            last = Some(author);
        }
    }
    runs
}
