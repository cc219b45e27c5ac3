//! Whether a message was sent by automation: `streams/labels/automation.py`.

use std::sync::{Mutex, PoisonError};

use pyo3::prelude::*;
use rustc_hash::FxHashMap;

use super::characters::Kinds;
use super::rules::Rules;
use crate::event::{SocialEvent, Str};
use crate::vocabulary::ActorKind;

/// Programs that are remembered.
const MOST: usize = 1 << 12;

/// Knows the programs that automate.
pub struct Automation {
    /// What the definition says of a program: there are few, and each is asked for once.
    is_tool: Py<PyAny>,
    known: Mutex<FxHashMap<Str, bool>>,
}

impl Automation {
    pub fn of(rules: &Rules) -> PyResult<Automation> {
        Ok(Automation { is_tool: rules.definition("is_tool")?, known: Mutex::default() })
    }

    /// Whether a message was sent by automation; None: neither the account nor the program tells.
    pub fn automation(&self, py: Python<'_>, kinds: &Kinds, event: &SocialEvent) -> PyResult<Option<bool>> {
        if event.actor.kind == Some(ActorKind::Service) {
            return Ok(Some(true));
        }
        let name = kinds.stripped(event.generator.as_deref().unwrap_or_default());
        if name.is_empty() { Ok(None) } else { self.is_tool(py, name).map(Some) }
    }

    fn is_tool(&self, py: Python<'_>, name: &str) -> PyResult<bool> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(&told) = known().get(name) {
            return Ok(told);
        }
        let told = self.is_tool.call1(py, (name,))?.extract(py)?;
        let mut known = known();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(name.into(), told);
        Ok(told)
    }
}
