//! An event as JSON, byte for byte as pydantic writes it: what is stored, and what deliveries are ranked by.

use std::fmt::Write;

use crate::event::{Actor, Mention, Reference, SocialEvent, Str};
use crate::moment::{self, Moment};

/// What `SocialEvent.model_dump_json` gives.
pub fn dump(event: &SocialEvent, exclude_defaults: bool) -> String {
    let room = 512 + event.text.as_ref().map_or(0, |text| text.len());
    let mut json = Writer { out: String::with_capacity(room), exclude_defaults };
    json.event(event);
    json.out
}

struct Writer {
    out: String,
    /// Whether fields are left out that are as they would be if nobody had set them.
    exclude_defaults: bool,
}

impl Writer {
    fn event(&mut self, event: &SocialEvent) {
        self.out.push('{');
        self.text("platform", &event.platform);
        self.text("activity", event.activity.word());
        self.text("id", &event.id);
        if event.version != 0 || !self.exclude_defaults {
            self.number("version", event.version.into());
        }
        self.name("actor");
        self.actor(&event.actor);
        self.moment("published", event.published);
        self.optional("observed", event.observed, |json, name, observed| json.moment(name, observed));
        self.reference("in_reply_to", event.in_reply_to.as_ref());
        self.optional_text("conversation", event.conversation.as_ref());
        self.reference("quote_of", event.quote_of.as_ref());
        self.reference("object", event.object.as_ref());
        self.list("mentions", &event.mentions, Writer::mention);
        self.optional_text("text", event.text.as_ref());
        self.optional_text("lang", event.lang.as_ref());
        self.texts("hashtags", &event.hashtags);
        self.texts("urls", &event.urls);
        self.optional_text("generator", event.generator.as_ref());
        self.optional_text("visibility", event.visibility.as_ref());
        self.texts("brands", &event.brands);
        self.optional_text("raw_ref", event.raw_ref.as_ref());
        self.out.push('}');
    }

    fn actor(&mut self, actor: &Actor) {
        self.out.push('{');
        self.text("id", &actor.id);
        self.optional_text("handle", actor.handle.as_ref());
        self.optional_text("name", actor.name.as_ref());
        self.optional("kind", actor.kind, |json, name, kind| json.text(name, kind.word()));
        self.optional("followers", actor.followers, Writer::number);
        self.optional_text("agent", actor.agent.as_ref());
        self.out.push('}');
    }

    fn reference(&mut self, name: &str, reference: Option<&Reference>) {
        self.optional(name, reference, |json, name, reference| {
            json.name(name);
            json.out.push('{');
            json.text("id", &reference.id);
            json.optional_text("actor_id", reference.actor_id.as_ref());
            json.out.push('}');
        });
    }

    fn mention(&mut self, mention: &Mention) {
        self.out.push('{');
        self.text("id", &mention.id);
        self.optional("inherited", mention.inherited, |json, name, inherited| {
            json.name(name);
            json.out.push_str(if inherited { "true" } else { "false" });
        });
        self.out.push('}');
    }

    fn texts(&mut self, name: &str, texts: &[Str]) {
        self.list(name, texts, |json, text| json.string(text));
    }

    fn list<T>(&mut self, name: &str, values: &[T], write: impl Fn(&mut Writer, &T)) {
        if values.is_empty() && self.exclude_defaults {
            return;
        }
        self.name(name);
        self.out.push('[');
        for (place, value) in values.iter().enumerate() {
            if place > 0 {
                self.out.push(',');
            }
            write(self, value);
        }
        self.out.push(']');
    }

    fn optional_text(&mut self, name: &str, text: Option<&Str>) {
        self.optional(name, text, |json, name, text| json.text(name, text));
    }

    fn optional<T>(&mut self, name: &str, value: Option<T>, write: impl Fn(&mut Writer, &str, T)) {
        match value {
            Some(value) => write(self, name, value),
            None if self.exclude_defaults => {}
            None => {
                self.name(name);
                self.out.push_str("null");
            }
        }
    }

    fn moment(&mut self, name: &str, moment: Moment) {
        self.name(name);
        self.out.push('"');
        moment::write(&mut self.out, moment);
        self.out.push('"');
    }

    fn number(&mut self, name: &str, number: i64) {
        self.name(name);
        // Writing to a string does not fail.
        let _ = write!(self.out, "{number}");
    }

    fn text(&mut self, name: &str, text: &str) {
        self.name(name);
        self.string(text);
    }

    /// A field's name, after a comma unless it is the first: no value ends in an opening brace.
    fn name(&mut self, name: &str) {
        if !self.out.ends_with('{') {
            self.out.push(',');
        }
        self.out.push('"');
        self.out.push_str(name);
        self.out.push_str("\":");
    }

    fn string(&mut self, text: &str) {
        self.out.push('"');
        let mut written = 0;
        for (place, byte) in text.bytes().enumerate() {
            if byte >= b' ' && byte != b'"' && byte != b'\\' {
                continue;
            }
            self.out.push_str(&text[written..place]);
            self.escape(byte);
            written = place + 1;
        }
        self.out.push_str(&text[written..]);
        self.out.push('"');
    }

    fn escape(&mut self, byte: u8) {
        let short = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0x08 => "\\b",
            0x0c => "\\f",
            _ => {
                let _ = write!(self.out, "\\u{byte:04x}");
                return;
            }
        };
        self.out.push_str(short);
    }
}
