//! What a thread yields: `Folded` of `streams/fold.py`.

use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};
use pyo3::prelude::*;
use rustc_hash::FxBuildHasher;

use crate::event::Str;
use crate::rows::{ConversationRow, InteractionRow, Sums, Window};
use crate::vocabulary::Activity;

pub type Map<K, V> = IndexMap<K, V, FxBuildHasher>;
pub type Set<K> = IndexSet<K, FxBuildHasher>;

/// Brand, activity and id.
pub type InteractionKey = (Str, Activity, Str);

/// What a thread yields.
#[pyclass(frozen, module = "hubbub_compiled")]
#[derive(Default)]
pub struct Folded {
    pub interactions: Map<InteractionKey, Arc<InteractionRow>>,
    /// By brand.
    pub conversations: Map<Str, Arc<ConversationRow>>,
    pub windows: Map<Window, Sums>,
    /// Windows to which the whole conversation is booked.
    pub starts: Set<Window>,
}
