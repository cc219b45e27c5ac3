//! A message or a reaction in one brand's space, with what it says and who stands behind it:
//! `streams/heard.py`.

use std::sync::{Arc, LazyLock};

use pyo3::prelude::*;
use rustc_hash::FxHashMap;

use crate::address::filled;
use crate::direct::Directed;
use crate::event::{Event, SocialEvent, Str};
use crate::labels::{Labeller, Labels, Seen};
use crate::registry::Registry;
use crate::vocabulary::{Direction, Role};

/// The labels of a reaction.
pub static UNLABELLED: LazyLock<Arc<Labels>> = LazyLock::new(Arc::default);

/// What a brand hears: somebody's message or reaction, or its own.
pub struct Heard<'a> {
    pub directed: Directed<'a>,
    pub labels: Arc<Labels>,
    /// The human behind the brand's account.
    pub agent: Option<&'a Str>,
}

impl Heard<'_> {
    /// The name that the brand's message goes by: the agent's, or else the signature.
    pub fn voice(&self) -> Option<&Str> {
        self.agent.or(self.labels.signature.as_ref())
    }
}

/// Who stands behind the account that an event is of.
pub fn agent<'a>(directed: &Directed<'a>, registry: &'a Registry) -> Option<&'a Str> {
    let event: &'a SocialEvent = directed.event;
    if let Some(agent) = filled(&event.actor.agent) {
        return Some(agent);
    }
    // Nobody else has a voice.
    let speaks = matches!(directed.actor_role, Role::Brand | Role::OtherBrand);
    let voice = if speaks { registry.voice(&event.platform, &event.actor.id, event.published) } else { None };
    voice.map(|(_, agent)| agent).filter(|agent| !agent.is_empty())
}

/// Labels messages, and asks again only for what was not heard.
pub struct Listener<'a, 'py> {
    pub registry: &'a Bound<'py, Registry>,
    pub labeller: &'a Labeller,
    /// Share of the messages whose sentiment is told, 0 to 1.
    pub sentiment_share: f64,
}

impl Listener<'_, '_> {
    fn label(&self, event: &Arc<SocialEvent>, brand: usize, view: View) -> PyResult<Arc<Labels>> {
        let registry = self.registry.get();
        let seen = Seen {
            brand: &registry.brands[brand].name,
            by_brand: view.by_brand,
            answers_customer: view.answers_customer,
        };
        let event = Bound::new(self.registry.py(), Event(event.clone()))?;
        self.labeller.label(&event, registry, &seen, self.sentiment_share)
    }

    /// The labels of a message, as remembered or by listening to it.
    pub fn labels(
        &self,
        directed: &Directed<'_>,
        brand: usize,
        hearing: Option<&mut Hearing>,
    ) -> PyResult<Arc<Labels>> {
        let view = View::of(directed);
        match hearing {
            Some(hearing) => {
                hearing.labels(directed.event, brand, view, || self.label(directed.event, brand, view))
            }
            None => self.label(directed.event, brand, view),
        }
    }
}

/// How a brand sees a message, as far as labels depend on it.
#[derive(Clone, Copy, PartialEq, Eq)]
struct View {
    by_brand: bool,
    answers_customer: bool,
}

impl View {
    fn of(directed: &Directed<'_>) -> View {
        View {
            by_brand: directed.actor_role == Role::Brand,
            answers_customer: directed.direction == Some(Direction::Bc),
        }
    }
}

/// What was told of a message to one brand.
struct Known {
    /// The brand's place in the registry.
    brand: usize,
    view: View,
    event: Arc<SocialEvent>,
    labels: Arc<Labels>,
}

/// Hears the messages of one thread as often as it is folded, and listens to each only once.
///
/// To label a message takes longer than all else together. What was heard holds as long as the message is
/// seen in the same way and by the same registry.
#[pyclass(module = "hubbub_compiled")]
#[derive(Default)]
pub struct Hearing {
    /// By id of the message: by brand, in order.
    heard: FxHashMap<Str, Vec<Known>>,
    registry: Option<Py<Registry>>,
    sentiment_share: f64,
}

#[pymethods]
impl Hearing {
    #[new]
    fn new() -> Hearing {
        Hearing::default()
    }

    /// Drop what was heard.
    pub fn forget(&mut self) {
        self.heard = FxHashMap::default();
    }
}

impl Hearing {
    /// Forget what was told by another registry, or of another share.
    pub fn turn_to(&mut self, listener: &Listener<'_, '_>) {
        let is_same = self.registry.as_ref().is_some_and(|known| known.is(listener.registry));
        if !is_same || self.sentiment_share != listener.sentiment_share {
            self.forget();
            self.registry = Some(listener.registry.clone().unbind());
            self.sentiment_share = listener.sentiment_share;
        }
    }

    fn labels(
        &mut self,
        event: &Arc<SocialEvent>,
        brand: usize,
        view: View,
        listen: impl FnOnce() -> PyResult<Arc<Labels>>,
    ) -> PyResult<Arc<Labels>> {
        let brands = self.heard.entry(event.id.clone()).or_default();
        let place = brands.binary_search_by_key(&brand, |known| known.brand);
        if let Ok(place) = place {
            let known = &brands[place];
            if known.view == view && (Arc::ptr_eq(&known.event, event) || known.event == *event) {
                return Ok(known.labels.clone());
            }
        }
        let labels = listen()?;
        let known = Known { brand, view, event: event.clone(), labels: labels.clone() };
        match place {
            Ok(place) => brands[place] = known,
            Err(place) => brands.insert(place, known),
        }
        Ok(labels)
    }
}
