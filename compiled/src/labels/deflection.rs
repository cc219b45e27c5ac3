//! Whether a reply only sends elsewhere: `streams/labels/deflection.py`.

use pyo3::prelude::*;

use super::patterns::{Pattern, Stems, Sure, Text};
use super::reading::Reading;
use super::rules::Rules;
use super::signature::Signature;

/// Knows what is said to send a customer away.
pub struct Deflection {
    sentence: Pattern,
    turn: Pattern,
    linked: Box<str>,
    private: Pattern,
    sending: Stems,
    elsewhere: Pattern,
    away: Pattern,
    not_away: Pattern,
    along: Pattern,
    /// Words of a greeting.
    greeting: usize,
    help: Pattern,
}

impl Deflection {
    pub fn of(rules: &Rules) -> PyResult<Deflection> {
        Ok(Deflection {
            sentence: rules.pattern("deflection._SENTENCE")?,
            turn: rules.pattern("deflection._TURN")?,
            linked: rules.text("deflection._LINKED")?.into(),
            private: rules.pattern("deflection._PRIVATE")?,
            sending: rules.stems("deflection._SENDING")?,
            elsewhere: rules.pattern("deflection._ELSEWHERE")?,
            away: rules.pattern("deflection._AWAY")?,
            not_away: rules.pattern("deflection._NOT_AWAY")?,
            along: rules.pattern("deflection._ALONG")?,
            greeting: rules.count("deflection._GREETING")?,
            help: rules.pattern("deflection._HELP")?,
        })
    }

    /// Whether a reply only sends elsewhere; None: no text, or not English.
    ///
    /// Args:
    ///     read: The text.
    ///     unsigned: The same without its signature.
    pub fn deflection(
        &self,
        signature: &Signature,
        read: &Reading<'_>,
        unsigned: &Reading<'_>,
    ) -> Sure<Option<bool>> {
        if read.is_blank() || !unsigned.is_english()? {
            return Ok(None);
        }
        let told = match self.with_links_marked(read)? {
            Some(marked) => {
                let body = signature.unsigned(read.words, &marked)?;
                self.deflects(read.words.plain(&body)?.text())?
            }
            None => self.deflects(unsigned.plain())?,
        };
        Ok(Some(told))
    }

    /// The text with a sign wherever a link is; None: it may have none.
    fn with_links_marked(&self, read: &Reading<'_>) -> Sure<Option<String>> {
        let ascii = read.words.in_ascii(read.text)?;
        let text = Text::new(read.text, ascii.as_deref().unwrap_or(read.text));
        if !read.words.may_have_link(text)? {
            return Ok(None);
        }
        let mut marked = String::with_capacity(read.text.len());
        let mut from = 0;
        for word in read.text.split(' ') {
            if from > 0 {
                marked.push(' ');
            }
            let is_link = read.words.has_link(text.get(from..from + word.len())?)?;
            marked.push_str(if is_link { &self.linked } else { word });
            from += word.len() + 1;
        }
        Ok(Some(marked))
    }

    fn deflects(&self, read: Text<'_>) -> Sure<bool> {
        if !read.real.contains(&*self.linked) && !self.sending.are_in(read.real)? {
            return Ok(false);
        }
        let mut sent = false;
        for part in self.sentence.find_all(read) {
            for sentence in self.turn.split(read.get(part?)?)? {
                if self.sends_away(sentence)? {
                    sent = true;
                } else if !self.is_along_the_way(sentence)? {
                    return Ok(false);
                }
            }
        }
        Ok(sent)
    }

    fn sends_away(&self, sentence: Text<'_>) -> Sure<bool> {
        if self.not_away.is_match(sentence)? || self.help.is_match(sentence)? {
            return Ok(false);
        }
        if self.private.is_match(sentence)? || self.away.is_match(sentence)? {
            return Ok(true);
        }
        Ok(sentence.real.contains(&*self.linked) && self.elsewhere.is_match(sentence)?)
    }

    fn is_along_the_way(&self, sentence: Text<'_>) -> Sure<bool> {
        let asks = sentence.real.contains('?');
        if !asks && count_words(sentence.ascii()) <= self.greeting {
            return Ok(true);
        }
        if asks || self.help.is_match(sentence)? {
            return Ok(false);
        }
        self.along.is_match(sentence)
    }
}

/// How often `\w+` is found.
fn count_words(ascii: &str) -> usize {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let before = std::iter::once(b' ').chain(ascii.bytes());
    before.zip(ascii.bytes()).filter(|&(before, byte)| is_word(byte) && !is_word(before)).count()
}
