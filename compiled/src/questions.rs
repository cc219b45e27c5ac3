//! Who first answered a customer's question, the brand or another customer (C7): `streams/questions.py`.

use rustc_hash::FxHashMap;

use crate::conversation::Conversation;
use crate::event::Moment;
use crate::heard::Heard;
use crate::vocabulary::Role;

/// The first answer to a question.
#[derive(Clone, Copy)]
pub struct Answer {
    pub by: Role,
    pub at: Moment,
}

/// Whether it is a customer's question, and counts.
pub fn is_question(heard: &Heard<'_>) -> bool {
    let directed = &heard.directed;
    heard.labels.question == Some(true) && directed.counts && directed.actor_role == Role::Customer
}

/// The first direct reply by somebody who can help, by the place of the question; none where nobody has.
///
/// Args:
///     messages: The messages in one brand's space, in order.
///     conversation: All of the conversation.
pub fn first_answers(messages: &[Heard<'_>], conversation: &Conversation<'_>) -> FxHashMap<usize, Answer> {
    let askers: FxHashMap<usize, &str> = messages
        .iter()
        .filter(|heard| is_question(heard))
        .map(|heard| (heard.directed.place, &*heard.directed.event.actor.id))
        .collect();
    let mut answers = FxHashMap::default();
    if askers.is_empty() {
        return answers;
    }
    for heard in messages {
        let (event, role) = (heard.directed.event, heard.directed.actor_role);
        let Some(question) = conversation.messages[heard.directed.place].parent else {
            continue;
        };
        let Some(&asker) = askers.get(&question) else {
            continue;
        };
        let can_help = role == Role::Brand || role == Role::Customer && &*event.actor.id != asker;
        if heard.directed.counts && can_help {
            answers.entry(question).or_insert(Answer { by: role, at: event.published });
        }
    }
    answers
}
