//! The columns of each row, one after the other, in the order of its model in `schemas/rows/`.

use pyo3::prelude::*;

use crate::event::Moment;
use crate::labels::Labels;
use crate::python::Member;
use crate::rows::MinuteRow;
use crate::rows::{ActivityRow, Conversation, ConversationRow, ExchangeColumns, Interaction, InteractionRow};
use crate::rows::{Position, Stamp};

/// Takes the columns of a row, in order. None: null.
pub trait Cells {
    fn text(&mut self, text: &str) -> PyResult<()>;
    fn flag(&mut self, is: impl Into<Option<bool>>) -> PyResult<()>;
    fn whole(&mut self, number: impl Into<Option<i64>>) -> PyResult<()>;
    /// A number that may be too large for a column.
    fn large(&mut self, number: u64) -> PyResult<()>;
    fn real(&mut self, number: impl Into<Option<f64>>) -> PyResult<()>;
    fn moment(&mut self, at: impl Into<Option<Moment>>) -> PyResult<()>;
    fn word<W: Member>(&mut self, word: Option<W>) -> PyResult<()>;
    fn numbers(&mut self, numbers: &[u32]) -> PyResult<()>;
    fn texts<T: AsRef<str>>(&mut self, texts: &[T]) -> PyResult<()>;
}

/// A row of a table.
pub trait Row {
    /// Give all columns, in order.
    fn tell(&self, to: &mut impl Cells) -> PyResult<()>;
}

impl Row for InteractionRow {
    fn tell(&self, to: &mut impl Cells) -> PyResult<()> {
        tell_interaction(&self.says, to)?;
        tell_labels(&self.says.labels, to)?;
        to.word(self.says.parent_direction)?;
        to.moment(self.says.parent_at)?;
        tell_exchange(self.says.exchange.as_deref(), to)?;
        to.word(self.says.answered_by)?;
        to.moment(self.says.answered_at)?;
        tell_stamp(&self.stamp, to)?;
        to.flag(self.says.removed)
    }
}

fn tell_interaction(says: &Interaction, to: &mut impl Cells) -> PyResult<()> {
    to.text(&says.brand)?;
    to.text(&says.platform)?;
    to.text(&says.conversation)?;
    to.text(&says.id)?;
    to.text(says.activity.word())?;
    to.moment(says.published)?;
    to.moment(says.started_at)?;
    to.word(says.direction)?;
    to.word(says.effect)?;
    to.flag(says.indirect)?;
    to.flag(says.adds_brand)?;
    to.word(Some(says.scope_reason))?;
    to.text(&says.actor)?;
    to.word(Some(says.actor_role))?;
    to.text(&says.agent)?;
    to.whole(says.followers)?;
    to.text(&says.addressee)?;
    to.word(says.addressee_role)?;
    to.text(&says.parent)?;
    to.whole(i64::from(says.depth))?;
    to.real(says.latency)?;
    to.text(&says.lang)
}

fn tell_labels(labels: &Labels, to: &mut impl Cells) -> PyResult<()> {
    to.flag(labels.question)?;
    to.flag(labels.thanks)?;
    to.flag(labels.love)?;
    to.whole(labels.sentiment.map(i64::from))?;
    to.flag(labels.deflection)?;
    to.text(labels.signature.as_deref().unwrap_or_default())?;
    to.flag(labels.asks)?;
    to.flag(labels.automation)?;
    to.numbers(&labels.sketch)?;
    to.texts(&labels.topics)?;
    to.text(labels.labelled_by.as_deref().unwrap_or_default())
}

fn tell_exchange(exchange: Option<&ExchangeColumns>, to: &mut impl Cells) -> PyResult<()> {
    to.whole(exchange.map(|exchange| i64::from(exchange.sla)))?;
    to.text(exchange.map_or("", |exchange| &exchange.reply))?;
    to.moment(exchange.and_then(|exchange| exchange.reply_at))?;
    to.text(exchange.map_or("", |exchange| &exchange.agent))?;
    to.whole(exchange.map_or(0, |exchange| i64::from(exchange.replies)))?;
    to.moment(exchange.and_then(|exchange| exchange.back_at))?;
    to.moment(exchange.and_then(|exchange| exchange.confirmed_at))?;
    to.flag(exchange.is_some_and(|exchange| exchange.classified))?;
    to.moment(exchange.and_then(|exchange| exchange.quiet_from))?;
    to.moment(exchange.and_then(|exchange| exchange.closed_at))?;
    to.flag(exchange.is_some_and(|exchange| exchange.single))
}

impl Row for ConversationRow {
    fn tell(&self, to: &mut impl Cells) -> PyResult<()> {
        tell_conversation(&self.says, to)?;
        tell_stamp(&self.stamp, to)?;
        to.flag(self.says.removed)
    }
}

fn tell_conversation(says: &Conversation, to: &mut impl Cells) -> PyResult<()> {
    to.text(&says.brand)?;
    to.text(&says.platform)?;
    to.text(&says.conversation)?;
    to.moment(says.started_at)?;
    to.moment(says.last_at)?;
    to.flag(says.brand_root)?;
    for number in [
        says.messages,
        says.brand_messages,
        says.customer_messages,
        says.customers,
        says.participants,
        says.depth,
        says.turns,
    ] {
        to.whole(i64::from(number))?;
    }
    to.real(says.duration)?;
    for number in [says.bo, says.bc, says.cb, says.cc, says.co, says.bx, says.cx, says.undecided] {
        to.whole(i64::from(number))?;
    }
    to.whole(i64::from(says.c2c_depth))?;
    to.whole(i64::from(says.c2c_turns))?;
    to.real(says.c2c_duration)?;
    to.whole(i64::from(says.c2c_participants))?;
    to.flag(says.is_loop)
}

impl Row for ActivityRow {
    fn tell(&self, to: &mut impl Cells) -> PyResult<()> {
        to.text(&self.thread)?;
        to.text(&self.platform)?;
        to.text(&self.id)?;
        to.text(self.activity)?;
        to.whole(i64::from(self.version))?;
        to.moment(self.published)?;
        to.text(&self.body)?;
        to.flag(self.waiting)?;
        to.large(self.registry)?;
        tell_stamp(&Stamp { seen: self.seen, position: self.position }, to)?;
        to.flag(self.removed)
    }
}

impl Row for MinuteRow {
    fn tell(&self, to: &mut impl Cells) -> PyResult<()> {
        to.moment(self.window.minute)?;
        to.text(&self.window.brand)?;
        to.text(&self.window.platform)?;
        for &sum in &self.sums {
            to.whole(sum)?;
        }
        to.large(self.epoch)?;
        to.large(self.partition)?;
        to.large(self.applied)
    }
}

fn tell_stamp(stamp: &Stamp, to: &mut impl Cells) -> PyResult<()> {
    let Position { epoch, partition, offset } = stamp.position;
    for number in [stamp.seen, epoch, partition, offset] {
        to.large(number)?;
    }
    Ok(())
}
