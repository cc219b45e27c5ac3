//! Rows that may have said something else for a moment, because of what has changed beside them.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PySet, PyTuple};
use rustc_hash::FxHashSet;

use crate::event::{Str, text};
use crate::rows::InteractionRow;
use crate::vocabulary::Role;

/// What was edited, deleted or undone in a thread: ids, and actors with the object of their reaction.
#[derive(Default)]
pub struct Shaken {
    ids: FxHashSet<Str>,
    reactions: FxHashSet<(Str, Str)>,
}

impl Shaken {
    pub fn of(shaken: &Bound<'_, PySet>) -> PyResult<Shaken> {
        let mut all = Shaken::default();
        for one in shaken {
            if let Ok(reaction) = one.cast::<PyTuple>() {
                let (actor, object) = (reaction.get_item(0)?, reaction.get_item(1)?);
                all.reactions.insert((text(&actor)?, text(&object)?));
            } else {
                all.ids.insert(text(&one)?);
            }
        }
        Ok(all)
    }

    pub fn is_empty(&self) -> bool {
        self.ids.is_empty() && self.reactions.is_empty()
    }

    pub fn has(&self, row: &InteractionRow) -> bool {
        let says = &row.says;
        self.ids.contains(&says.id)
            || (!self.reactions.is_empty()
                && self.reactions.contains(&(says.actor.clone(), says.parent.clone())))
    }
}

/// What rows that have changed, or are gone, have to do with others.
pub struct Causes {
    accounts: FxHashSet<Str>,
    ids: FxHashSet<Str>,
    parents: FxHashSet<Str>,
}

impl Causes {
    pub fn of<'a>(rows: impl Iterator<Item = &'a Arc<InteractionRow>>) -> Causes {
        let mut causes = Causes {
            accounts: FxHashSet::default(),
            ids: FxHashSet::default(),
            parents: FxHashSet::default(),
        };
        for row in rows {
            causes.accounts.insert(row.says.actor.clone());
            causes.accounts.insert(row.says.addressee.clone());
            causes.ids.insert(row.says.id.clone());
            causes.parents.insert(row.says.parent.clone());
        }
        causes
    }

    /// Whether a row may have said something else for a moment because of these.
    pub fn stir(&self, row: &InteractionRow) -> bool {
        let says = &row.says;
        self.parents.contains(&says.id)
            || self.ids.contains(&says.parent)
            || (says.actor_role == Role::Customer && self.accounts.contains(&says.actor))
    }
}
