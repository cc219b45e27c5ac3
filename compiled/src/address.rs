//! Whom a message is addressed to, before anybody asks from which brand it is seen: `streams/address.py`.

use rustc_hash::FxHashSet;

use crate::conversation::{Conversation, Message};
use crate::event::{Moment, SocialEvent, Str};
use crate::registry::Registry;
use crate::vocabulary::Role;

/// How a message addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    Reply,
    Quote,
    /// A root: whom it addresses is told by its mentions.
    Opening,
    /// A reply with nobody above it but its own author.
    Alone,
    /// A reply or quote of something that has not come.
    Unknown,
}

/// An account at a time: the brand that it speaks for, or itself.
#[derive(Clone, Copy)]
pub struct Party<'a> {
    pub account: &'a Str,
    /// Place of the brand in the registry.
    pub brand: Option<usize>,
    pub bot: bool,
}

/// What tells one author from another: sibling accounts of a brand are the same.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Author<'a> {
    Brand(usize),
    Account(&'a str),
}

impl<'a> Party<'a> {
    pub fn author(&self) -> Author<'a> {
        self.brand.map_or(Author::Account(self.account), Author::Brand)
    }

    /// What the account is to a brand.
    pub fn role(&self, brand: usize) -> Role {
        match self.brand {
            Some(own) if own == brand => Role::Brand,
            Some(_) => Role::OtherBrand,
            None if self.bot => Role::Bot,
            None => Role::Customer,
        }
    }
}

/// Who writes and who is written to.
pub struct Address<'a> {
    pub how: How,
    pub writer: Party<'a>,
    /// The addressee of a reply or quote; while that is unknown, the account that the platform names.
    pub to: Option<Party<'a>>,
    /// All other authors that are mentioned.
    pub named: Vec<Party<'a>>,
    /// Those of them that the parent does not know already.
    pub newly_named: Vec<Party<'a>>,
    /// The brand that the platform names as the addressee, and that turns out not to be.
    pub mistaken: Option<usize>,
}

type Target<'a> = (How, Option<Party<'a>>);

/// The addresses of all messages of one conversation.
pub struct Addresses<'a> {
    conversation: &'a Conversation<'a>,
    registry: &'a Registry,
    settled: Option<Moment>,
    /// By place of the message, as all below.
    pub writers: Vec<Party<'a>>,
    targets: Vec<Option<Target<'a>>>,
    /// The walk in which a message was last come by.
    walked: Vec<usize>,
}

impl<'a> Addresses<'a> {
    /// Args:
    ///     conversation: The conversation.
    ///     registry: Tells brands' accounts, as of each message's time.
    ///     settled: Event time up to which a reply to an unknown parent takes the addressee that the platform
    ///         names; none: it waits.
    pub fn new(
        conversation: &'a Conversation<'a>,
        registry: &'a Registry,
        settled: Option<Moment>,
    ) -> Addresses<'a> {
        let count = conversation.messages.len();
        let mut addresses = Addresses {
            conversation,
            registry,
            settled,
            writers: Vec::with_capacity(count),
            targets: vec![None; count],
            walked: vec![usize::MAX; count],
        };
        for message in &conversation.messages {
            let writer = addresses.party(&message.event, &message.event.actor.id);
            addresses.writers.push(writer);
        }
        addresses
    }

    /// An account at the time of an event.
    pub fn party(&self, event: &SocialEvent, account: &'a Str) -> Party<'a> {
        Party {
            account,
            brand: self.registry.place_of(&event.platform, account, event.published),
            bot: self.conversation.is_bot(account),
        }
    }

    /// The address of the message at a place.
    pub fn of(&mut self, place: usize) -> Address<'a> {
        let message: &'a Message = &self.conversation.messages[place];
        let event = &*message.event;
        let writer = self.writers[place];
        let (mut how, to) = if event.in_reply_to.is_some() {
            self.walk(place)
        } else if event.quote_of.is_some() {
            self.quoted(message, writer)
        } else {
            (How::Opening, None)
        };
        if event.in_reply_to.is_some() && how == How::Unknown && to.is_some() && self.is_settled(event) {
            how = How::Reply;
        }
        let (named, newly_named) = self.mentioned(message, writer);
        Address { how, writer, to, named, newly_named, mistaken: self.mistaken(event, to) }
    }

    fn mistaken(&self, event: &'a SocialEvent, to: Option<Party<'a>>) -> Option<usize> {
        let account = filled(&event.about()?.actor_id)?;
        let brand = self.party(event, account).brand?;
        to.is_none_or(|to| to.brand != Some(brand)).then_some(brand)
    }

    fn is_settled(&self, event: &SocialEvent) -> bool {
        self.settled.is_some_and(|settled| event.published <= settled)
    }

    /// Rule 2, without recursion: a chain of one's own posts has one and the same addressee.
    fn walk(&mut self, start: usize) -> Target<'a> {
        let writer = self.writers[start];
        let mut chain = vec![start];
        self.walked[start] = start;
        let mut at = start;
        let target = loop {
            if let Some(known) = self.targets[at] {
                break known;
            }
            let step: &'a Message = &self.conversation.messages[at];
            if step.event.in_reply_to.is_none() {
                break (How::Alone, None);
            }
            let Some(parent) = step.parent.filter(|&parent| self.walked[parent] != start) else {
                break self.unknown(&step.event, writer);
            };
            if self.writers[parent].author() != writer.author() {
                break (How::Reply, Some(self.writers[parent]));
            }
            chain.push(parent);
            self.walked[parent] = start;
            at = parent;
        };
        for at in chain {
            // A root of one's own is no reply itself; only what stands under it is alone.
            if self.conversation.messages[at].event.in_reply_to.is_some() {
                self.targets[at] = Some(target);
            }
        }
        target
    }

    /// The parent has not come: the platform may name its author.
    fn unknown(&self, step: &'a SocialEvent, writer: Party<'a>) -> Target<'a> {
        let name = step.in_reply_to.as_ref().and_then(|parent| parent.actor_id.as_ref());
        let named = name.map(|name| self.party(step, name));
        (How::Unknown, named.filter(|named| named.author() != writer.author()))
    }

    /// Rule 3. Quoting oneself is an opening like any other.
    fn quoted(&self, message: &'a Message, writer: Party<'a>) -> Target<'a> {
        let name = message.event.quote_of.as_ref().and_then(|quote| quote.actor_id.as_ref());
        let to = match (message.quoted, name) {
            (Some(quoted), _) => self.writers[quoted],
            (None, Some(name)) => self.party(&message.event, name),
            (None, None) => return (How::Unknown, None),
        };
        if to.author() == writer.author() { (How::Opening, None) } else { (How::Quote, Some(to)) }
    }

    /// Rule 5: who is named at all, and who that the parent or its participants do not name.
    fn mentioned(&self, message: &'a Message, writer: Party<'a>) -> (Vec<Party<'a>>, Vec<Party<'a>>) {
        let (mut named, mut newly) = (Vec::new(), Vec::new());
        let mentions = &message.event.mentions;
        if mentions.is_empty() {
            return (named, newly);
        }
        let asks_parent = mentions.iter().any(|mention| mention.inherited.is_none());
        let above = if asks_parent { self.known_above(message) } else { Above::default() };
        let (mut knows_named, mut knows_newly) = (FxHashSet::default(), FxHashSet::default());
        for mention in mentions {
            let party = self.party(&message.event, &mention.id);
            let author = party.author();
            if author == writer.author() {
                continue;
            }
            if knows_named.insert(author) {
                named.push(party);
            }
            let carried = mention.inherited.unwrap_or_else(|| above.knows(party));
            if !carried && knows_newly.insert(author) {
                newly.push(party);
            }
        }
        (named, newly)
    }

    /// The parent's author, whom it names and whom it answers.
    fn known_above(&self, message: &'a Message) -> Above<'a> {
        let mut above = Above::default();
        let Some(place) = message.parent else {
            return above;
        };
        let parent: &'a Message = &self.conversation.messages[place];
        above.add(self.writers[place]);
        for mention in &parent.event.mentions {
            above.add(self.party(&parent.event, &mention.id));
        }
        if let Some(reference) = &parent.event.in_reply_to {
            let answered = match parent.parent {
                Some(grandparent) => filled_text(&self.conversation.messages[grandparent].event.actor.id),
                None => filled(&reference.actor_id),
            };
            if let Some(account) = answered {
                above.add(self.party(&parent.event, account));
            }
        }
        above
    }
}

/// Accounts and authors that a parent knows.
#[derive(Default)]
struct Above<'a> {
    accounts: FxHashSet<&'a str>,
    authors: FxHashSet<Author<'a>>,
}

impl<'a> Above<'a> {
    fn add(&mut self, party: Party<'a>) {
        self.accounts.insert(party.account);
        self.authors.insert(party.author());
    }

    fn knows(&self, party: Party<'a>) -> bool {
        self.accounts.contains(&**party.account) || self.authors.contains(&party.author())
    }
}

/// A text, where there is one that is not empty.
pub fn filled(text: &Option<Str>) -> Option<&Str> {
    text.as_ref().and_then(filled_text)
}

fn filled_text(text: &Str) -> Option<&Str> {
    (!text.is_empty()).then_some(text)
}
