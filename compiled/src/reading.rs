//! Bytes to an event, where it is certain that the definition takes them, and as what.
//!
//! Everything else is a doubt, and a case for the definition: what it refuses, and what it takes in shapes that
//! hardly anybody sends.

use std::cell::RefCell;
use std::mem;

use jiter::{Jiter, JiterError, NumberInt, Peek};

use crate::event::{Actor, Mention, Reference, SocialEvent, Str};
use crate::moment::{self, Moment};
use crate::strings::Strings;
use crate::vocabulary::{Activity, ActorKind};

/// Only the definition can tell.
#[derive(Clone, Copy, Debug)]
pub struct Doubt;

pub type Sure<T> = Result<T, Doubt>;

impl From<JiterError> for Doubt {
    fn from(_: JiterError) -> Doubt {
        Doubt
    }
}

/// Bytes; the definition counts characters, of which there are not more.
const LONGEST_IDENTIFIER: usize = 2048;
const LONGEST_PLATFORM: usize = 64;
/// How deep lists and objects lie in each other in fields that nobody knows; the definition goes somewhat deeper.
const DEEPEST: usize = 64;

struct Kept {
    strings: Strings,
    /// Room to take escapes out of strings.
    tape: Vec<u8>,
}

thread_local! {
    static KEPT: RefCell<Kept> = RefCell::new(Kept { strings: Strings::new(), tape: Vec::new() });
}

/// The event that a JSON object tells, as `SocialEvent.model_validate_json` has it.
pub fn read(body: &[u8]) -> Sure<SocialEvent> {
    KEPT.with_borrow_mut(|kept| {
        let json = Jiter::with_tape(body, mem::take(&mut kept.tape));
        let mut reader = Reader { json, strings: &mut kept.strings };
        let event = reader.event().and_then(|event| {
            reader.json.finish()?;
            Ok(event)
        });
        kept.tape = reader.json.into_tape();
        event
    })
}

/// The fields of an object, by name.
trait Field: Copy {
    fn of(name: &str) -> Option<Self>;

    /// A bit of its own.
    fn bit(self) -> u32;
}

macro_rules! fields {
    ($name:ident { $($member:ident = $word:literal),+ $(,)? }) => {
        #[derive(Clone, Copy)]
        enum $name { $($member),+ }

        impl Field for $name {
            fn of(name: &str) -> Option<$name> {
                match name { $($word => Some($name::$member),)+ _ => None }
            }

            fn bit(self) -> u32 {
                1 << self as u32
            }
        }
    };
}

fields!(EventField {
    Platform = "platform",
    Activity = "activity",
    Id = "id",
    Version = "version",
    Actor = "actor",
    Published = "published",
    Observed = "observed",
    InReplyTo = "in_reply_to",
    Conversation = "conversation",
    QuoteOf = "quote_of",
    Object = "object",
    Mentions = "mentions",
    Text = "text",
    Lang = "lang",
    Hashtags = "hashtags",
    Urls = "urls",
    Generator = "generator",
    Visibility = "visibility",
    Brands = "brands",
    RawRef = "raw_ref",
});
fields!(ActorField {
    Id = "id",
    Handle = "handle",
    Name = "name",
    Kind = "kind",
    Followers = "followers",
    Agent = "agent",
});
fields!(ReferenceField { Id = "id", ActorId = "actor_id" });
fields!(MentionField { Id = "id", Inherited = "inherited" });

/// What is known of an event so far.
#[derive(Default)]
struct Draft {
    platform: Option<Str>,
    activity: Option<Activity>,
    id: Option<Str>,
    version: u32,
    actor: Option<Actor>,
    published: Option<Moment>,
    observed: Option<Moment>,
    in_reply_to: Option<Reference>,
    conversation: Option<Str>,
    quote_of: Option<Reference>,
    object: Option<Reference>,
    mentions: Box<[Mention]>,
    text: Option<Str>,
    lang: Option<Str>,
    hashtags: Box<[Str]>,
    urls: Box<[Str]>,
    generator: Option<Str>,
    visibility: Option<Str>,
    brands: Box<[Str]>,
    raw_ref: Option<Str>,
}

impl Draft {
    fn finish(self) -> Sure<SocialEvent> {
        let event = SocialEvent {
            platform: self.platform.ok_or(Doubt)?,
            activity: self.activity.ok_or(Doubt)?,
            id: self.id.ok_or(Doubt)?,
            version: self.version,
            actor: self.actor.ok_or(Doubt)?,
            published: self.published.ok_or(Doubt)?,
            observed: self.observed,
            in_reply_to: self.in_reply_to,
            conversation: self.conversation,
            quote_of: self.quote_of,
            object: self.object,
            mentions: self.mentions,
            text: self.text,
            lang: self.lang,
            hashtags: self.hashtags,
            urls: self.urls,
            generator: self.generator,
            visibility: self.visibility,
            brands: self.brands,
            raw_ref: self.raw_ref,
        };
        if event.has_what_it_acts_on() { Ok(event) } else { Err(Doubt) }
    }
}

struct Reader<'j, 'w> {
    json: Jiter<'j>,
    strings: &'w mut Strings,
}

impl Reader<'_, '_> {
    fn event(&mut self) -> Sure<SocialEvent> {
        let mut draft = Draft::default();
        self.object(|reader, field| reader.event_field(&mut draft, field))?;
        draft.finish()
    }

    fn event_field(&mut self, draft: &mut Draft, field: EventField) -> Sure<()> {
        match field {
            EventField::Platform => draft.platform = Some(self.named(LONGEST_PLATFORM)?),
            EventField::Activity => draft.activity = Some(self.member(Activity::of)?),
            EventField::Id => draft.id = Some(self.identifier()?),
            EventField::Version => draft.version = self.number()?,
            EventField::Actor => draft.actor = Some(self.actor()?),
            EventField::Published => draft.published = Some(self.moment()?),
            EventField::Observed => draft.observed = self.optional(Self::moment)?,
            EventField::InReplyTo => draft.in_reply_to = self.optional(Self::reference)?,
            EventField::Conversation => draft.conversation = self.optional(Self::identifier)?,
            EventField::QuoteOf => draft.quote_of = self.optional(Self::reference)?,
            EventField::Object => draft.object = self.optional(Self::reference)?,
            EventField::Mentions => draft.mentions = self.list(Self::mention)?,
            EventField::Text => draft.text = self.optional(Self::text)?,
            EventField::Lang => draft.lang = self.optional(Self::word)?,
            EventField::Hashtags => draft.hashtags = self.list(Self::word)?,
            EventField::Urls => draft.urls = self.list(Self::text)?,
            EventField::Generator => draft.generator = self.optional(Self::word)?,
            EventField::Visibility => draft.visibility = self.optional(Self::word)?,
            EventField::Brands => draft.brands = self.list(Self::word)?,
            EventField::RawRef => draft.raw_ref = self.optional(Self::text)?,
        }
        Ok(())
    }

    fn actor(&mut self) -> Sure<Actor> {
        let (mut id, mut handle, mut name, mut kind, mut followers, mut agent) =
            (None, None, None, None, None, None);
        self.object(|reader, field| {
            match field {
                ActorField::Id => id = Some(reader.identifier()?),
                ActorField::Handle => handle = reader.optional(Self::word)?,
                ActorField::Name => name = reader.optional(Self::word)?,
                ActorField::Kind => kind = reader.optional(|reader| reader.member(ActorKind::of))?,
                ActorField::Followers => followers = reader.optional(Self::number)?,
                ActorField::Agent => agent = reader.optional(Self::word)?,
            }
            Ok(())
        })?;
        Ok(Actor { id: id.ok_or(Doubt)?, handle, name, kind, followers, agent })
    }

    fn reference(&mut self) -> Sure<Reference> {
        let (mut id, mut actor_id) = (None, None);
        self.object(|reader, field| {
            match field {
                ReferenceField::Id => id = Some(reader.identifier()?),
                ReferenceField::ActorId => actor_id = reader.optional(Self::identifier)?,
            }
            Ok(())
        })?;
        Ok(Reference { id: id.ok_or(Doubt)?, actor_id })
    }

    fn mention(&mut self) -> Sure<Mention> {
        let (mut id, mut inherited) = (None, None);
        self.object(|reader, field| {
            match field {
                MentionField::Id => id = Some(reader.identifier()?),
                MentionField::Inherited => inherited = reader.optional(Self::flag)?,
            }
            Ok(())
        })?;
        Ok(Mention { id: id.ok_or(Doubt)?, inherited })
    }

    /// An object, field by field; of fields that come twice the definition knows which one counts.
    fn object<F: Field>(&mut self, mut read: impl FnMut(&mut Self, F) -> Sure<()>) -> Sure<()> {
        let mut seen = 0;
        let mut key = self.json.next_object()?.map(F::of);
        while let Some(field) = key {
            match field {
                None => self.ignore(DEEPEST)?,
                Some(field) if seen & field.bit() != 0 => return Err(Doubt),
                Some(field) => {
                    seen |= field.bit();
                    read(self, field)?;
                }
            }
            key = self.json.next_key()?.map(F::of);
        }
        Ok(())
    }

    fn list<T>(&mut self, read: impl Fn(&mut Self) -> Sure<T>) -> Sure<Box<[T]>> {
        let mut values = Vec::new();
        let mut next = self.json.next_array()?;
        while next.is_some() {
            values.push(read(self)?);
            next = self.json.array_step()?;
        }
        Ok(values.into())
    }

    fn optional<T>(&mut self, read: impl Fn(&mut Self) -> Sure<T>) -> Sure<Option<T>> {
        if self.json.peek()? == Peek::Null {
            self.json.known_null()?;
            return Ok(None);
        }
        read(self).map(Some)
    }

    fn text(&mut self) -> Sure<Str> {
        Ok(self.json.next_str()?.into())
    }

    /// A text that is likely to come again.
    fn word(&mut self) -> Sure<Str> {
        Ok(self.strings.share(self.json.next_str()?))
    }

    fn identifier(&mut self) -> Sure<Str> {
        self.named(LONGEST_IDENTIFIER)
    }

    /// A word that is not empty, and of no more bytes than that.
    fn named(&mut self, longest: usize) -> Sure<Str> {
        let text = self.json.next_str()?;
        if text.is_empty() || text.len() > longest {
            return Err(Doubt);
        }
        Ok(self.strings.share(text))
    }

    fn member<T>(&mut self, of: fn(&str) -> Option<T>) -> Sure<T> {
        of(self.json.next_str()?).ok_or(Doubt)
    }

    /// A number in the bounds of its type, of which none is negative.
    fn number<T: TryFrom<i64>>(&mut self) -> Sure<T> {
        match self.json.next_int()? {
            NumberInt::Int(number) if number >= 0 => T::try_from(number).map_err(|_| Doubt),
            _ => Err(Doubt),
        }
    }

    fn flag(&mut self) -> Sure<bool> {
        Ok(self.json.next_bool()?)
    }

    fn moment(&mut self) -> Sure<Moment> {
        moment::read(self.json.next_str()?).ok_or(Doubt)
    }

    /// Pass over a value that nobody asks for; it must be right all the same.
    fn ignore(&mut self, depth: usize) -> Sure<()> {
        let peek = self.json.peek()?;
        match peek {
            Peek::Array | Peek::Object if depth == 0 => return Err(Doubt),
            Peek::Array => {
                let mut next = self.json.known_array()?;
                while next.is_some() {
                    self.ignore(depth - 1)?;
                    next = self.json.array_step()?;
                }
            }
            Peek::Object => {
                let mut next = self.json.known_object()?.is_some();
                while next {
                    self.ignore(depth - 1)?;
                    next = self.json.next_key()?.is_some();
                }
            }
            // Skipping it would not look at whether a string is UTF-8.
            _ => drop(self.json.known_value(peek)?),
        }
        Ok(())
    }
}
