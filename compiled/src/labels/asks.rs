//! Whether a brand's message asks for something: `streams/labels/asks.py`.

use pyo3::prelude::*;
use rustc_hash::FxHashSet;

use super::patterns::{Sure, Text, Unsure};
use super::rules::Rules;
use super::words::Words;
use crate::event::{SocialEvent, Str};

/// Hashtags in lower case, without their signs.
pub type BareTags = Vec<Str>;

/// Knows what asks by links and campaigns.
pub struct Asks {
    /// Signs of a hashtag.
    signs: Vec<char>,
}

impl Asks {
    pub fn of(rules: &Rules) -> PyResult<Asks> {
        Ok(Asks { signs: rules.text("asks._SIGNS")?.chars().collect() })
    }

    /// Whether a message asks for something; None: it has no text, hashtag or link to tell by.
    ///
    /// Args:
    ///     event: The message.
    ///     tags: Its hashtags.
    ///     campaigns: The hashtags that count.
    pub fn asks(
        &self,
        words: &Words,
        event: &SocialEvent,
        tags: &BareTags,
        campaigns: Option<&FxHashSet<String>>,
    ) -> Sure<Option<bool>> {
        if !event.urls.is_empty() {
            return Ok(Some(true));
        }
        let text = words.kinds.stripped(event.text.as_deref().unwrap_or_default());
        if text.is_empty() && tags.is_empty() {
            return Ok(None);
        }
        if campaigns.is_some_and(|campaigns| tags.iter().any(|tag| campaigns.contains(&**tag))) {
            return Ok(Some(true));
        }
        let text = words.cut(text);
        let ascii = words.in_ascii(&text)?;
        words.has_link(Text::new(&text, ascii.as_deref().unwrap_or(&text))).map(Some)
    }

    pub fn bare_tags(&self, words: &Words, hashtags: &[Str]) -> Sure<BareTags> {
        hashtags.iter().map(|tag| self.bare_tag(words, tag)).collect()
    }

    fn bare_tag(&self, words: &Words, tag: &Str) -> Sure<Str> {
        if !words.kinds.are_sure_of(tag) {
            return Err(Unsure);
        }
        let bare = words.kinds.stripped(tag).trim_start_matches(self.signs.as_slice());
        let lower = bare.to_lowercase();
        Ok(if lower == **tag { tag.clone() } else { lower.into() })
    }
}
