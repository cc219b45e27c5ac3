//! The parts of an event: who did it, what it is about, whom it names; as Python sees them, and back.

use std::sync::Arc;

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyNotImplemented};

use crate::borrowed::{self, Class};
use crate::event::{Actor, Mention, Reference, SocialEvent, optional, text};
use crate::python::Member;
use crate::vocabulary::ActorKind;

/// Who did it.
#[pyclass(frozen, module = "hubbub_compiled", name = "Actor")]
pub struct ActorPart(pub Arc<SocialEvent>);

/// Another activity, or an account, that an event is about.
#[pyclass(frozen, module = "hubbub_compiled", name = "Reference")]
pub struct ReferencePart(pub Reference);

/// An account named in a message.
#[pyclass(frozen, module = "hubbub_compiled", name = "Mention")]
pub struct MentionPart(pub Mention);

#[pymethods]
impl ActorPart {
    #[getter]
    fn id(&self) -> &str {
        &self.0.actor.id
    }

    #[getter]
    fn handle(&self) -> Option<&str> {
        self.0.actor.handle.as_deref()
    }

    #[getter]
    fn name(&self) -> Option<&str> {
        self.0.actor.name.as_deref()
    }

    #[getter]
    fn kind<'py>(&self, py: Python<'py>) -> PyResult<Option<&Bound<'py, PyAny>>> {
        self.0.actor.kind.map(|kind| kind.member(py)).transpose()
    }

    #[getter]
    fn followers(&self) -> Option<i64> {
        self.0.actor.followers
    }

    #[getter]
    fn agent(&self) -> Option<&str> {
        self.0.actor.agent.as_deref()
    }

    fn __eq__<'py>(&self, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let same = other.cast::<ActorPart>().ok().map(|other| other.get().0.actor == self.0.actor);
        same_or_read(other, same, &borrowed::ACTOR, |other| Ok(actor(other)? == self.0.actor))
    }

    fn __repr__(&self) -> String {
        format!("Actor({:?})", self.0.actor.id)
    }
}

#[pymethods]
impl ReferencePart {
    #[getter]
    fn id(&self) -> &str {
        &self.0.id
    }

    #[getter]
    fn actor_id(&self) -> Option<&str> {
        self.0.actor_id.as_deref()
    }

    fn __eq__<'py>(&self, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let same = other.cast::<ReferencePart>().ok().map(|other| other.get().0 == self.0);
        same_or_read(other, same, &borrowed::REFERENCE, |other| {
            Ok(reference(other)?.as_ref() == Some(&self.0))
        })
    }

    fn __repr__(&self) -> String {
        format!("Reference({:?})", self.0.id)
    }
}

#[pymethods]
impl MentionPart {
    #[getter]
    fn id(&self) -> &str {
        &self.0.id
    }

    #[getter]
    fn inherited(&self) -> Option<bool> {
        self.0.inherited
    }

    fn __eq__<'py>(&self, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let same = other.cast::<MentionPart>().ok().map(|other| other.get().0 == self.0);
        same_or_read(other, same, &borrowed::MENTION, |other| Ok(mention(other)? == self.0))
    }

    fn __repr__(&self) -> String {
        format!("Mention({:?})", self.0.id)
    }
}

/// Whether something equals a part: one of ours, one of the definition's, or anything else, which is not ours to say.
fn same_or_read<'py>(
    other: &Bound<'py, PyAny>,
    same: Option<bool>,
    class: &Class,
    equals: impl FnOnce(&Bound<'py, PyAny>) -> PyResult<bool>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = other.py();
    if same.is_some() || !other.is_instance(class.get(py)?)? {
        return told(py, same);
    }
    told(py, Some(equals(other).unwrap_or(false)))
}

/// What `__eq__` gives; None: it is not for us to say.
pub fn told(py: Python<'_>, equal: Option<bool>) -> PyResult<Bound<'_, PyAny>> {
    Ok(match equal {
        Some(equal) => PyBool::new(py, equal).to_owned().into_any(),
        None => PyNotImplemented::get(py).to_owned().into_any(),
    })
}

pub fn actor(value: &Bound<'_, PyAny>) -> PyResult<Actor> {
    let py = value.py();
    let field = |name| value.getattr(name);
    let kind = field(intern!(py, "kind"))?;
    Ok(Actor {
        id: text(&field(intern!(py, "id"))?)?,
        handle: optional(&field(intern!(py, "handle"))?)?,
        name: optional(&field(intern!(py, "name"))?)?,
        kind: if kind.is_none() { None } else { Some(crate::event::word(&kind, ActorKind::of)?) },
        followers: field(intern!(py, "followers"))?.extract()?,
        agent: optional(&field(intern!(py, "agent"))?)?,
    })
}

pub fn reference(value: &Bound<'_, PyAny>) -> PyResult<Option<Reference>> {
    if value.is_none() {
        return Ok(None);
    }
    let py = value.py();
    Ok(Some(Reference {
        id: text(&value.getattr(intern!(py, "id"))?)?,
        actor_id: optional(&value.getattr(intern!(py, "actor_id"))?)?,
    }))
}

pub fn mention(value: &Bound<'_, PyAny>) -> PyResult<Mention> {
    let py = value.py();
    Ok(Mention {
        id: text(&value.getattr(intern!(py, "id"))?)?,
        inherited: value.getattr(intern!(py, "inherited"))?.extract()?,
    })
}

/// The definition's `Actor`.
pub fn actor_of<'py>(py: Python<'py>, actor: &Actor) -> PyResult<Bound<'py, PyAny>> {
    let fields = PyDict::new(py);
    fields.set_item("id", &*actor.id)?;
    fields.set_item("handle", actor.handle.as_deref())?;
    fields.set_item("name", actor.name.as_deref())?;
    fields.set_item("kind", actor.kind.map(|kind| kind.member(py)).transpose()?)?;
    fields.set_item("followers", actor.followers)?;
    fields.set_item("agent", actor.agent.as_deref())?;
    borrowed::ACTOR.model(py, &fields)
}

/// The definition's `Reference`.
pub fn reference_of<'py>(py: Python<'py>, reference: &Reference) -> PyResult<Bound<'py, PyAny>> {
    let fields = PyDict::new(py);
    fields.set_item("id", &*reference.id)?;
    fields.set_item("actor_id", reference.actor_id.as_deref())?;
    borrowed::REFERENCE.model(py, &fields)
}

/// The definition's `Mention`.
pub fn mention_of<'py>(py: Python<'py>, mention: &Mention) -> PyResult<Bound<'py, PyAny>> {
    let fields = PyDict::new(py);
    fields.set_item("id", &*mention.id)?;
    fields.set_item("inherited", mention.inherited)?;
    borrowed::MENTION.model(py, &fields)
}
