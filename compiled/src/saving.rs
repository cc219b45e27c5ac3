//! What is to be remembered of a thread, as rows: `save` of `streams/thread.py`.

use std::sync::Arc;

use pyo3::exceptions::PyKeyError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PySet, PyTuple};

use crate::definition::{self, FORGET_MARK, SETTLE_MARK};
use crate::event::{Event, Moment, Str, moment, text, word};
use crate::json;
use crate::latest::Latest;
use crate::rows::{ActivityRow, Position};

const NOWHERE: Position = Position { epoch: 0, partition: 0, offset: 0 };
const LONG_AGO: Moment = 0;

/// Write the rows of what is to be remembered of a thread since the last time; none is owed after that.
pub fn save(thread: &Bound<'_, PyAny>, rows: &mut Latest<ActivityRow>) -> PyResult<()> {
    let py = thread.py();
    let activities = thread.getattr(intern!(py, "activities"))?.cast_into::<PyDict>()?;
    let gone = thread.getattr(intern!(py, "gone"))?.cast_into::<PySet>()?;
    let unsaved = thread.getattr(intern!(py, "unsaved"))?.cast_into::<PySet>()?;
    let about = About::of(thread)?;
    for identity in &gone {
        if !activities.contains(&identity)? {
            let body = Body { text: String::new(), published: LONG_AGO, position: NOWHERE };
            let row = about.row(activity_identity(&identity)?, body);
            rows.put(Arc::new(ActivityRow { removed: true, ..row }));
        }
    }
    for identity in &unsaved {
        let Some(stored) = activities.get_item(&identity)? else {
            return Err(PyKeyError::new_err(identity.unbind()));
        };
        rows.put(Arc::new(about.row(activity_identity(&identity)?, body_of(&stored)?)));
    }
    save_marks(thread, &about, rows)?;
    gone.clear();
    unsaved.clear();
    thread.getattr(intern!(py, "fresh"))?.cast_into::<PySet>()?.clear();
    Ok(())
}

/// How far the thread is settled, and who is forgotten in it.
fn save_marks(thread: &Bound<'_, PyAny>, about: &About, rows: &mut Latest<ActivityRow>) -> PyResult<()> {
    let py = thread.py();
    let settled = thread.getattr(intern!(py, "settled"))?;
    if !settled.is_none() {
        let position = position(&thread.getattr(intern!(py, "settled_at"))?)?;
        let body = Body { text: String::new(), published: moment(&settled)?, position };
        rows.put(Arc::new(about.row(("".into(), SETTLE_MARK, 0), body)));
    }
    for (account, mark) in &thread.getattr(intern!(py, "marks"))?.cast_into::<PyDict>()? {
        let (until, at) = mark.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>()?;
        let id = format!(">{}", account.extract::<&str>()?);
        let body = Body { text: String::new(), published: moment(&until)?, position: position(&at)? };
        rows.put(Arc::new(about.row((id.into(), FORGET_MARK, 0), body)));
    }
    Ok(())
}

/// Id, activity or mark, and version of something that is remembered.
type Identity = (Str, &'static str, u32);

type PythonIdentity<'py> = (Bound<'py, PyAny>, Bound<'py, PyAny>, Bound<'py, PyAny>);

/// Id, activity and version, as Python has them.
pub fn identity_of<'py>(identity: &Bound<'py, PyAny>) -> PyResult<PythonIdentity<'py>> {
    let parts = identity.cast::<PyTuple>()?;
    Ok((parts.get_item(0)?, parts.get_item(1)?, parts.get_item(2)?))
}

fn activity_identity(identity: &Bound<'_, PyAny>) -> PyResult<Identity> {
    let (id, activity, version) = identity_of(identity)?;
    let activity = word(&activity, definition::remembered)?;
    Ok((text(&id)?, activity, version.extract()?))
}

fn position(position: &Bound<'_, PyAny>) -> PyResult<Position> {
    let (epoch, partition, offset) = position.extract()?;
    Ok(Position { epoch, partition, offset })
}

/// What a row tells of an activity.
struct Body {
    text: String,
    published: Moment,
    position: Position,
}

/// An activity as its row stores it.
fn body_of(stored: &Bound<'_, PyAny>) -> PyResult<Body> {
    let py = stored.py();
    let (event, at) = stored.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>()?;
    let position = position(&at)?;
    if let Ok(event) = event.cast::<Event>() {
        let event = &event.get().0;
        return Ok(Body { text: json::dump(event, true), published: event.published, position });
    }
    let how = PyDict::new(py);
    how.set_item(intern!(py, "exclude_defaults"), true)?;
    let told = event.call_method(intern!(py, "model_dump_json"), (), Some(&how))?.extract()?;
    let published = moment(&event.getattr(intern!(py, "published"))?)?;
    Ok(Body { text: told, published, position })
}

/// What all rows of a thread have in common.
struct About {
    thread: Str,
    platform: Str,
    waiting: bool,
    registry: u64,
    seen: u64,
}

impl About {
    fn of(thread: &Bound<'_, PyAny>) -> PyResult<About> {
        let py = thread.py();
        Ok(About {
            thread: text(&thread.getattr(intern!(py, "key"))?)?,
            platform: text(&thread.getattr(intern!(py, "platform"))?)?,
            waiting: thread.getattr(intern!(py, "waiting"))?.extract()?,
            registry: thread.getattr(intern!(py, "registry"))?.extract()?,
            seen: thread.getattr(intern!(py, "seen"))?.extract()?,
        })
    }

    fn row(&self, (id, activity, version): Identity, body: Body) -> ActivityRow {
        ActivityRow {
            thread: self.thread.clone(),
            platform: self.platform.clone(),
            id,
            activity,
            version,
            published: body.published,
            body: body.text,
            waiting: self.waiting,
            registry: self.registry,
            seen: self.seen,
            position: body.position,
            removed: false,
        }
    }
}
