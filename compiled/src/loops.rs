//! The dialogic loop (D6), in which the brand and a customer come back to each other: `streams/loops.py`.

use crate::direct::Directed;
use crate::interactions::Space;
use crate::vocabulary::Role;

/// Whether one message of a space answers an answer to its own side: the brand's, or the same customer's.
pub fn has_loop(space: &Space<'_>) -> bool {
    space.counted().any(|last| closes_loop(last, space))
}

fn closes_loop(last: &Directed<'_>, space: &Space<'_>) -> bool {
    let Some(answered) = answered(last, space) else {
        return false;
    };
    let Some(first) = self::answered(answered, space) else {
        return false;
    };
    if first.place == last.place {
        return false; // parents may run in a ring
    }
    if first.actor_role == Role::Customer && first.event.actor.id != last.event.actor.id {
        return false;
    }
    let sides = (last.actor_role, answered.actor_role);
    first.actor_role == last.actor_role
        && matches!(sides, (Role::Brand, Role::Customer) | (Role::Customer, Role::Brand))
}

fn answered<'s>(directed: &Directed<'_>, space: &'s Space<'_>) -> Option<&'s Directed<'s>> {
    let parent = space.conversation.messages[directed.place].parent?;
    space.known(parent).map(|heard| &heard.directed).filter(|parent| parent.counts)
}
