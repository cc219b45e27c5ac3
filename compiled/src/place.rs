//! Which thread an event belongs to, as far as it says so itself: `streams/place.py`.

use std::borrow::Cow;

use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::borrowed;
use crate::event::{Event, SocialEvent};
use crate::python::Member;
use crate::vocabulary::Activity;

/// An event, and all that is asked of it to place it, as a `streams.place.Place`.
#[pyfunction]
pub fn place<'py>(event: &Bound<'py, Event>) -> PyResult<Bound<'py, PyAny>> {
    let (py, whole, event) = (event.py(), event, &event.get().0);
    // Memory keeps the strings of many events; a platform's name and an id are one for all that have them.
    let platform = PyString::intern(py, &event.platform);
    let id = PyString::new(py, &event.id);
    let identity = borrowed::IDENTITY.tuple(py, (&id, event.activity.member(py)?, event.version))?;
    let above = event.conversation.as_deref().map_or_else(|| event.anchor(), Cow::Borrowed);
    let (own, above) = ((&platform, &id), (&platform, above));
    let (is_named, holds) = (event.conversation.is_some(), !event.activity.is_about_another());
    borrowed::PLACE.tuple(py, (whole, identity, own, above, is_named, event.opens(), holds))
}

impl SocialEvent {
    /// The id of the activity whose thread it belongs to, where it does not say so itself.
    ///
    /// A relation has a thread of its own for each pair: an account's followers are no conversation.
    pub fn anchor(&self) -> Cow<'_, str> {
        match (&self.object, &self.in_reply_to) {
            (Some(object), _) if self.activity.is_relation() => {
                format!("{}>{}", self.actor.id, object.id).into()
            }
            (_, Some(parent)) => (&*parent.id).into(),
            (Some(object), _) if !self.activity.is_message() && self.activity != Activity::Update => {
                (&*object.id).into()
            }
            _ => (&*self.id).into(),
        }
    }

    /// Whether it starts a thread instead of joining one.
    pub fn opens(&self) -> bool {
        self.activity.is_relation() || (self.activity.is_message() && self.in_reply_to.is_none())
    }
}
