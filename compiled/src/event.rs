//! The social event as a worker holds it: what `schemas/event.py` defines, in a third of the memory.

use std::sync::Arc;

use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

pub use crate::moment::{Moment, of_python as moment};

use crate::parts::{ActorPart, MentionPart, ReferencePart, told};
use crate::python::{Member, datetime};
use crate::vocabulary::{Activity, ActorKind};
use crate::{borrowed, json, parts, reading};

pub type Str = Arc<str>;

/// Who did it.
#[derive(Clone, Debug, PartialEq)]
pub struct Actor {
    pub id: Str,
    pub handle: Option<Str>,
    pub name: Option<Str>,
    pub kind: Option<ActorKind>,
    pub followers: Option<i64>,
    pub agent: Option<Str>,
}

/// Another activity, or an account, that this one is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    pub id: Str,
    pub actor_id: Option<Str>,
}

/// An account named in a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    pub id: Str,
    pub inherited: Option<bool>,
}

/// One thing that somebody did.
#[derive(Clone, Debug, PartialEq)]
pub struct SocialEvent {
    pub platform: Str,
    pub activity: Activity,
    pub id: Str,
    pub version: u32,
    pub actor: Actor,
    pub published: Moment,
    pub observed: Option<Moment>,
    pub in_reply_to: Option<Reference>,
    pub conversation: Option<Str>,
    pub quote_of: Option<Reference>,
    pub object: Option<Reference>,
    pub mentions: Box<[Mention]>,
    pub text: Option<Str>,
    pub lang: Option<Str>,
    pub hashtags: Box<[Str]>,
    pub urls: Box<[Str]>,
    pub generator: Option<Str>,
    pub visibility: Option<Str>,
    pub brands: Box<[Str]>,
    pub raw_ref: Option<Str>,
}

impl SocialEvent {
    /// What a message replies to or quotes, or another activity acts on.
    pub fn about(&self) -> Option<&Reference> {
        if self.activity.is_message() {
            self.in_reply_to.as_ref().or(self.quote_of.as_ref())
        } else {
            self.object.as_ref()
        }
    }

    /// Whether a reply has its parent, a quote what it quotes, and a reaction its object.
    pub fn has_what_it_acts_on(&self) -> bool {
        match self.activity {
            Activity::Post | Activity::Update => true,
            Activity::Reply => self.in_reply_to.is_some(),
            Activity::Quote => self.quote_of.is_some(),
            _ => self.object.is_some(),
        }
    }

    /// The same event with nothing left of what was said, for a direct message.
    pub fn without_content(mut self) -> SocialEvent {
        self.text = None;
        self.hashtags = Box::default();
        self.urls = Box::default();
        self.raw_ref = None;
        self
    }

    /// The same event without content, and without what describes its actor, for what was retracted.
    pub fn bare(&self) -> SocialEvent {
        let Actor { id, kind, .. } = &self.actor;
        let actor =
            Actor { id: id.clone(), handle: None, name: None, kind: *kind, followers: None, agent: None };
        SocialEvent { actor, ..self.clone().without_content() }
    }
}

/// An event as Python sees it; has the attributes of `schemas.event.SocialEvent`.
#[pyclass(frozen, weakref, module = "hubbub_compiled")]
pub struct Event(pub Arc<SocialEvent>);

impl From<SocialEvent> for Event {
    fn from(event: SocialEvent) -> Event {
        Event(Arc::new(event))
    }
}

#[pymethods]
impl Event {
    /// The same event, made of a `schemas.event.SocialEvent`.
    #[staticmethod]
    pub fn of(event: &Bound<'_, PyAny>) -> PyResult<Event> {
        of_definition(event).map(Event::from)
    }

    /// The event that a JSON object tells, as `SocialEvent.model_validate_json` has it.
    #[staticmethod]
    pub fn from_json(body: &Bound<'_, PyAny>) -> PyResult<Event> {
        if let Some(event) = body.extract::<&str>().ok().and_then(|body| reading::read(body.as_bytes()).ok())
        {
            return Ok(event.into());
        }
        let py = body.py();
        let class = borrowed::SOCIAL_EVENT.get(py)?;
        Event::of(&class.call_method1(intern!(py, "model_validate_json"), (body,))?)
    }

    /// The `schemas.event.SocialEvent` that it equals.
    fn definition<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_definition(py, &self.0)
    }

    #[getter]
    fn platform(&self) -> &str {
        &self.0.platform
    }

    #[getter]
    fn activity<'py>(&self, py: Python<'py>) -> PyResult<&Bound<'py, PyAny>> {
        self.0.activity.member(py)
    }

    #[getter]
    fn id(&self) -> &str {
        &self.0.id
    }

    #[getter]
    fn version(&self) -> u32 {
        self.0.version
    }

    #[getter]
    fn actor(&self) -> ActorPart {
        ActorPart(self.0.clone())
    }

    #[getter]
    fn published<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        datetime(py, self.0.published)
    }

    #[getter]
    fn observed<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.0.observed.map(|observed| datetime(py, observed)).transpose()
    }

    #[getter]
    fn in_reply_to(&self) -> Option<ReferencePart> {
        self.0.in_reply_to.clone().map(ReferencePart)
    }

    #[getter]
    fn conversation(&self) -> Option<&str> {
        self.0.conversation.as_deref()
    }

    #[getter]
    fn quote_of(&self) -> Option<ReferencePart> {
        self.0.quote_of.clone().map(ReferencePart)
    }

    #[getter]
    fn object(&self) -> Option<ReferencePart> {
        self.0.object.clone().map(ReferencePart)
    }

    #[getter]
    fn mentions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.mentions.iter().cloned().map(MentionPart))
    }

    #[getter]
    fn text(&self) -> Option<&str> {
        self.0.text.as_deref()
    }

    #[getter]
    fn lang(&self) -> Option<&str> {
        self.0.lang.as_deref()
    }

    #[getter]
    fn hashtags<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        strings(py, &self.0.hashtags)
    }

    #[getter]
    fn urls<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        strings(py, &self.0.urls)
    }

    #[getter]
    fn generator(&self) -> Option<&str> {
        self.0.generator.as_deref()
    }

    #[getter]
    fn visibility(&self) -> Option<&str> {
        self.0.visibility.as_deref()
    }

    #[getter]
    fn brands<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        strings(py, &self.0.brands)
    }

    #[getter]
    fn raw_ref(&self) -> Option<&str> {
        self.0.raw_ref.as_deref()
    }

    /// Whether it says something.
    #[getter]
    fn is_message(&self) -> bool {
        self.0.activity.is_message()
    }

    /// The same event with nothing left of what was said, for a direct message.
    fn without_content(&self) -> Event {
        SocialEvent::clone(&self.0).without_content().into()
    }

    /// The same event without content, and without what describes its actor, for what was retracted.
    fn bare(&self) -> Event {
        self.0.bare().into()
    }

    /// The same event with other values in some of its fields.
    #[pyo3(signature = (*, update))]
    fn model_copy(&self, py: Python<'_>, update: &Bound<'_, PyDict>) -> PyResult<Event> {
        let how = PyDict::new(py);
        how.set_item(intern!(py, "update"), update)?;
        Event::of(&self.definition(py)?.call_method(intern!(py, "model_copy"), (), Some(&how))?)
    }

    /// The event as JSON, byte for byte as the definition writes it.
    #[pyo3(signature = (*, exclude_defaults=false))]
    fn model_dump_json(&self, exclude_defaults: bool) -> String {
        json::dump(&self.0, exclude_defaults)
    }

    fn __eq__<'py>(&self, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = other.py();
        if let Ok(other) = other.cast::<Event>() {
            return told(py, Some(Arc::ptr_eq(&self.0, &other.get().0) || self.0 == other.get().0));
        }
        if !other.is_instance(borrowed::SOCIAL_EVENT.get(py)?)? {
            return told(py, None);
        }
        // What this cannot hold, it does not equal.
        told(py, Some(of_definition(other).is_ok_and(|other| other == *self.0)))
    }

    /// Without content: this may come into a log.
    fn __repr__(&self) -> String {
        let event = &self.0;
        format!("Event({:?}, {:?}, {:?})", event.platform, event.activity.word(), event.id)
    }
}

fn of_definition(event: &Bound<'_, PyAny>) -> PyResult<SocialEvent> {
    let py = event.py();
    let field = |name| event.getattr(name);
    let observed = field(intern!(py, "observed"))?;
    Ok(SocialEvent {
        platform: text(&field(intern!(py, "platform"))?)?,
        activity: word(&field(intern!(py, "activity"))?, Activity::of)?,
        id: text(&field(intern!(py, "id"))?)?,
        version: field(intern!(py, "version"))?.extract()?,
        actor: parts::actor(&field(intern!(py, "actor"))?)?,
        published: moment(&field(intern!(py, "published"))?)?,
        observed: if observed.is_none() { None } else { Some(moment(&observed)?) },
        in_reply_to: parts::reference(&field(intern!(py, "in_reply_to"))?)?,
        conversation: optional(&field(intern!(py, "conversation"))?)?,
        quote_of: parts::reference(&field(intern!(py, "quote_of"))?)?,
        object: parts::reference(&field(intern!(py, "object"))?)?,
        mentions: field(intern!(py, "mentions"))?
            .try_iter()?
            .map(|mention| parts::mention(&mention?))
            .collect::<PyResult<_>>()?,
        text: optional(&field(intern!(py, "text"))?)?,
        lang: optional(&field(intern!(py, "lang"))?)?,
        hashtags: texts(&field(intern!(py, "hashtags"))?)?,
        urls: texts(&field(intern!(py, "urls"))?)?,
        generator: optional(&field(intern!(py, "generator"))?)?,
        visibility: optional(&field(intern!(py, "visibility"))?)?,
        brands: texts(&field(intern!(py, "brands"))?)?,
        raw_ref: optional(&field(intern!(py, "raw_ref"))?)?,
    })
}

fn to_definition<'py>(py: Python<'py>, event: &SocialEvent) -> PyResult<Bound<'py, PyAny>> {
    let reference =
        |about: &Option<Reference>| about.as_ref().map(|about| parts::reference_of(py, about)).transpose();
    let mentions = event.mentions.iter().map(|mention| parts::mention_of(py, mention));
    let fields = PyDict::new(py);
    fields.set_item("platform", &*event.platform)?;
    fields.set_item("activity", event.activity.member(py)?)?;
    fields.set_item("id", &*event.id)?;
    fields.set_item("version", event.version)?;
    fields.set_item("actor", parts::actor_of(py, &event.actor)?)?;
    fields.set_item("published", datetime(py, event.published)?)?;
    fields.set_item("observed", event.observed.map(|at| datetime(py, at)).transpose()?)?;
    fields.set_item("in_reply_to", reference(&event.in_reply_to)?)?;
    fields.set_item("conversation", event.conversation.as_deref())?;
    fields.set_item("quote_of", reference(&event.quote_of)?)?;
    fields.set_item("object", reference(&event.object)?)?;
    fields.set_item("mentions", PyTuple::new(py, mentions.collect::<PyResult<Vec<_>>>()?)?)?;
    fields.set_item("text", event.text.as_deref())?;
    fields.set_item("lang", event.lang.as_deref())?;
    fields.set_item("hashtags", strings(py, &event.hashtags)?)?;
    fields.set_item("urls", strings(py, &event.urls)?)?;
    fields.set_item("generator", event.generator.as_deref())?;
    fields.set_item("visibility", event.visibility.as_deref())?;
    fields.set_item("brands", strings(py, &event.brands)?)?;
    fields.set_item("raw_ref", event.raw_ref.as_deref())?;
    borrowed::SOCIAL_EVENT.model(py, &fields)
}

fn strings<'py>(py: Python<'py>, texts: &[Str]) -> PyResult<Bound<'py, PyTuple>> {
    PyTuple::new(py, texts.iter().map(|text| &**text))
}

pub fn text(value: &Bound<'_, PyAny>) -> PyResult<Str> {
    Ok(value.extract::<&str>()?.into())
}

pub fn optional(value: &Bound<'_, PyAny>) -> PyResult<Option<Str>> {
    if value.is_none() { Ok(None) } else { text(value).map(Some) }
}

fn texts(values: &Bound<'_, PyAny>) -> PyResult<Box<[Str]>> {
    values.try_iter()?.map(|value| text(&value?)).collect()
}

/// A member of an enumeration by its Python member, which is a string.
pub fn word<T>(value: &Bound<'_, PyAny>, of: fn(&str) -> Option<T>) -> PyResult<T> {
    let word = value.extract::<&str>()?;
    of(word).ok_or_else(|| PyValueError::new_err(format!("{word:?} is no word of the domain")))
}
