//! Rows, and what a thread yields, made of those of the definition.

use std::sync::Arc;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::event::{Moment, Str, moment, text, word};
use crate::folded::{Folded, Map};
use crate::labels::Labels;
use crate::rows::{ActivityRow, Conversation, ConversationRow, ExchangeColumns, Interaction, InteractionRow};
use crate::rows::{MinuteRow, Position, Stamp, Sum, Sums, Window};
use crate::vocabulary::{Activity, Direction, Effect, Role, Scope};

/// What `schemas.rows` calls the marks among the activities.
pub const SETTLE_MARK: &str = "settle";
pub const FORGET_MARK: &str = "forget";
pub const FENCE_MARK: &str = "mark";

/// Takes a row's columns by their names.
struct Columns<'a, 'py>(&'a Bound<'py, PyAny>);

impl Columns<'_, '_> {
    fn take<T>(&self, name: &str) -> PyResult<T>
    where
        T: for<'a, 'py> FromPyObject<'a, 'py, Error = PyErr>,
    {
        self.0.getattr(name)?.extract()
    }

    fn text(&self, name: &str) -> PyResult<Str> {
        text(&self.0.getattr(name)?)
    }

    fn filled(&self, name: &str) -> PyResult<Option<Str>> {
        Ok(Some(self.text(name)?).filter(|text| !text.is_empty()))
    }

    fn moment(&self, name: &str) -> PyResult<Moment> {
        moment(&self.0.getattr(name)?)
    }

    fn moment_if_any(&self, name: &str) -> PyResult<Option<Moment>> {
        let at = self.0.getattr(name)?;
        if at.is_none() { Ok(None) } else { moment(&at).map(Some) }
    }

    fn word<W>(&self, name: &str, of: fn(&str) -> Option<W>) -> PyResult<W> {
        word(&self.0.getattr(name)?, of)
    }

    fn word_if_any<W>(&self, name: &str, of: fn(&str) -> Option<W>) -> PyResult<Option<W>> {
        let value = self.0.getattr(name)?;
        if value.is_none() { Ok(None) } else { word(&value, of).map(Some) }
    }

    fn position(&self) -> PyResult<Position> {
        Ok(Position {
            epoch: self.take("source_epoch")?,
            partition: self.take("source_partition")?,
            offset: self.take("source_offset")?,
        })
    }

    fn stamp(&self) -> PyResult<Stamp> {
        Ok(Stamp { seen: self.take("seen")?, position: self.position()? })
    }
}

/// A message or a reaction as a brand sees it.
pub fn interaction(row: &Bound<'_, PyAny>) -> PyResult<InteractionRow> {
    let columns = Columns(row);
    let says = Interaction {
        brand: columns.text("brand")?,
        platform: columns.text("platform")?,
        conversation: columns.text("conversation")?,
        id: columns.text("id")?,
        activity: columns.word("activity", Activity::of)?,
        published: columns.moment("published")?,
        started_at: columns.moment("started_at")?,
        direction: columns.word_if_any("direction", Direction::of)?,
        effect: columns.word_if_any("effect", Effect::of)?,
        indirect: columns.take("indirect")?,
        adds_brand: columns.take("adds_brand")?,
        scope_reason: columns.word("scope_reason", Scope::of)?,
        actor: columns.text("actor")?,
        actor_role: columns.word("actor_role", Role::of)?,
        agent: columns.text("agent")?,
        followers: columns.take("followers")?,
        addressee: columns.text("addressee")?,
        addressee_role: columns.word_if_any("addressee_role", Role::of)?,
        parent: columns.text("parent")?,
        depth: columns.take("depth")?,
        latency: columns.take("latency")?,
        lang: columns.text("lang")?,
        labels: Arc::new(labels(&columns)?),
        parent_direction: columns.word_if_any("parent_direction", Direction::of)?,
        parent_at: columns.moment_if_any("parent_at")?,
        exchange: exchange(&columns)?.map(Box::new),
        answered_by: columns.word_if_any("answered_by", Role::of)?,
        answered_at: columns.moment_if_any("answered_at")?,
        removed: columns.take("removed")?,
    };
    Ok(InteractionRow { says, stamp: columns.stamp()? })
}

fn labels(columns: &Columns<'_, '_>) -> PyResult<Labels> {
    let topics = columns.0.getattr("topics")?;
    Ok(Labels {
        question: columns.take("question")?,
        thanks: columns.take("thanks")?,
        love: columns.take("love")?,
        sentiment: columns.take("sentiment")?,
        deflection: columns.take("deflection")?,
        signature: columns.filled("signature")?,
        asks: columns.take("asks")?,
        automation: columns.take("automation")?,
        sketch: columns.take::<Vec<u32>>("sketch")?.into(),
        topics: topics.try_iter()?.map(|topic| text(&topic?)).collect::<PyResult<_>>()?,
        labelled_by: columns.filled("labelled_by")?,
    })
}

fn exchange(columns: &Columns<'_, '_>) -> PyResult<Option<ExchangeColumns>> {
    let Some(sla) = columns.take("exchange_sla")? else { return Ok(None) };
    Ok(Some(ExchangeColumns {
        sla,
        reply: columns.text("exchange_reply")?,
        reply_at: columns.moment_if_any("exchange_reply_at")?,
        agent: columns.text("exchange_agent")?,
        replies: columns.take("exchange_replies")?,
        back_at: columns.moment_if_any("exchange_back_at")?,
        confirmed_at: columns.moment_if_any("exchange_confirmed_at")?,
        classified: columns.take("exchange_classified")?,
        quiet_from: columns.moment_if_any("exchange_quiet_from")?,
        closed_at: columns.moment_if_any("exchange_closed_at")?,
        single: columns.take("exchange_single")?,
    }))
}

/// A conversation as a brand sees it.
pub fn conversation(row: &Bound<'_, PyAny>) -> PyResult<ConversationRow> {
    let columns = Columns(row);
    let says = Conversation {
        brand: columns.text("brand")?,
        platform: columns.text("platform")?,
        conversation: columns.text("conversation")?,
        started_at: columns.moment("started_at")?,
        last_at: columns.moment("last_at")?,
        brand_root: columns.take("brand_root")?,
        messages: columns.take("messages")?,
        brand_messages: columns.take("brand_messages")?,
        customer_messages: columns.take("customer_messages")?,
        customers: columns.take("customers")?,
        participants: columns.take("participants")?,
        depth: columns.take("depth")?,
        turns: columns.take("turns")?,
        duration: columns.take("duration")?,
        bo: columns.take("bo")?,
        bc: columns.take("bc")?,
        cb: columns.take("cb")?,
        cc: columns.take("cc")?,
        co: columns.take("co")?,
        bx: columns.take("bx")?,
        cx: columns.take("cx")?,
        undecided: columns.take("undecided")?,
        c2c_depth: columns.take("c2c_depth")?,
        c2c_turns: columns.take("c2c_turns")?,
        c2c_duration: columns.take("c2c_duration")?,
        c2c_participants: columns.take("c2c_participants")?,
        is_loop: columns.take("loop")?,
        removed: columns.take("removed")?,
    };
    Ok(ConversationRow { says, stamp: columns.stamp()? })
}

/// A row of what has to be remembered: an activity's, a thread's mark, or the fence.
pub fn activity(row: &Bound<'_, PyAny>) -> PyResult<ActivityRow> {
    let columns = Columns(row);
    Ok(ActivityRow {
        thread: columns.text("thread")?,
        platform: columns.text("platform")?,
        id: columns.text("id")?,
        activity: columns.word("activity", remembered)?,
        version: columns.take("version")?,
        published: columns.moment("published")?,
        body: columns.take("body")?,
        waiting: columns.take("waiting")?,
        registry: columns.take("registry")?,
        seen: columns.take("seen")?,
        position: columns.position()?,
        removed: columns.take("removed")?,
    })
}

/// The word of an activity or a mark.
pub fn remembered(word: &str) -> Option<&'static str> {
    let mark = [SETTLE_MARK, FORGET_MARK, FENCE_MARK].into_iter().find(|&mark| mark == word);
    mark.or_else(|| Activity::of(word).map(Activity::word))
}

fn window(window: &Bound<'_, PyAny>) -> PyResult<Window> {
    let columns = Columns(window);
    Ok(Window {
        minute: columns.moment("minute")?,
        brand: columns.text("brand")?,
        platform: columns.text("platform")?,
    })
}

fn sums(sums: &Bound<'_, PyAny>) -> PyResult<Sums> {
    let mut added = Sums::default();
    for (name, number) in sums.cast::<PyDict>()? {
        let name = name.extract::<&str>()?;
        let column =
            Sum::of(name).ok_or_else(|| PyValueError::new_err(format!("there is no column {name:?}")))?;
        added.add(column, number.extract()?);
    }
    Ok(added)
}

/// What is added to some windows.
pub fn windows(windows: &Bound<'_, PyDict>) -> PyResult<Map<Window, Sums>> {
    windows.iter().map(|(one, added)| Ok((window(&one)?, sums(&added)?))).collect()
}

/// The sums of a minute, as one source partition saw them.
pub fn minute(row: &Bound<'_, PyAny>) -> PyResult<MinuteRow> {
    let columns = Columns(row);
    let mut sums = [0; Sum::ALL.len()];
    for (sum, column) in sums.iter_mut().zip(Sum::ALL) {
        *sum = columns.take(column.word())?;
    }
    Ok(MinuteRow {
        window: window(row)?,
        sums,
        epoch: columns.take("source_epoch")?,
        partition: columns.take("source_partition")?,
        applied: columns.take("applied")?,
    })
}

/// What a thread yields.
pub fn folded(folded: &Bound<'_, PyAny>) -> PyResult<Folded> {
    let values = |name: &str| folded.getattr(name)?.call_method0("values")?.try_iter();
    let mut yielded = Folded::default();
    for row in values("interactions")? {
        let row = interaction(&row?)?;
        let key = (row.says.brand.clone(), row.says.activity, row.says.id.clone());
        yielded.interactions.insert(key, Arc::new(row));
    }
    for row in values("conversations")? {
        let row = conversation(&row?)?;
        yielded.conversations.insert(row.says.brand.clone(), Arc::new(row));
    }
    yielded.windows = windows(folded.getattr("windows")?.cast()?)?;
    for start in folded.getattr("starts")?.try_iter()? {
        yielded.starts.insert(window(&start?)?);
    }
    Ok(yielded)
}
