//! Rows of one table, by what makes two of them the same.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;

use crate::event::Moment;
use crate::rows::{ActivityRow, ConversationRow, InteractionRow, MinuteRow, Window};
use crate::vocabulary::Activity;

const DAY: Moment = 86_400_000_000;

/// A row that has a key: what it has in common with other rows of the same thing.
pub trait Keyed {
    type Key<'a>: Eq + Hash
    where
        Self: 'a;

    fn key(&self) -> Self::Key<'_>;
}

impl Keyed for InteractionRow {
    type Key<'a> = (&'a str, &'a str, &'a str, Activity, Moment);

    fn key(&self) -> Self::Key<'_> {
        let says = &self.says;
        (&says.id, &says.brand, &says.platform, says.activity, says.published.div_euclid(DAY))
    }
}

impl Keyed for ConversationRow {
    type Key<'a> = (&'a str, &'a str, &'a str);

    fn key(&self) -> Self::Key<'_> {
        (&self.says.conversation, &self.says.brand, &self.says.platform)
    }
}

impl Keyed for ActivityRow {
    type Key<'a> = (&'a str, &'a str, &'a str, &'a str, u32);

    fn key(&self) -> Self::Key<'_> {
        (&self.id, &self.thread, &self.platform, self.activity, self.version)
    }
}

impl Keyed for MinuteRow {
    type Key<'a> = (&'a Window, u64);

    fn key(&self) -> Self::Key<'_> {
        (&self.window, self.partition)
    }
}

/// A row that is found by its key.
pub struct ByKey<R>(Arc<R>);

impl<R: Keyed> PartialEq for ByKey<R> {
    fn eq(&self, other: &Self) -> bool {
        self.0.key() == other.0.key()
    }
}

impl<R: Keyed> Eq for ByKey<R> {}

impl<R: Keyed> Hash for ByKey<R> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.key().hash(state);
    }
}

/// Rows of one table; of one key the last, in the place of the first.
pub struct Latest<R>(IndexSet<ByKey<R>, FxBuildHasher>);

impl<R: Keyed> Default for Latest<R> {
    fn default() -> Self {
        Latest(IndexSet::default())
    }
}

impl<R: Keyed> Latest<R> {
    /// Put a row in, instead of one with the same key.
    pub fn put(&mut self, row: Arc<R>) {
        self.0.replace(ByKey(row));
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn rows(&self) -> Vec<Arc<R>> {
        self.0.iter().map(|row| row.0.clone()).collect()
    }
}
