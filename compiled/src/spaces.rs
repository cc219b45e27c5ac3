//! In which brands' spaces an event is, and why: `streams/spaces.py`.

use rustc_hash::FxHashSet;

use crate::address::{Address, Party};
use crate::conversation::Conversation;
use crate::event::{Moment, SocialEvent};
use crate::registry::Registry;
use crate::vocabulary::Scope;

/// Up to so many brands are looked for one after the other.
const FEW: usize = 8;

/// Brands, each with the first reason that holds.
#[derive(Clone, Default)]
pub struct Reasons {
    found: Vec<(usize, Scope)>,
    /// The brands once there are more than a few.
    many: FxHashSet<usize>,
}

impl Reasons {
    fn set_default(&mut self, brand: usize, scope: Scope) {
        if self.has(brand) {
            return;
        }
        self.found.push((brand, scope));
        if self.found.len() == FEW + 1 {
            self.many.extend(self.found.iter().map(|&(known, _)| known));
        } else if self.found.len() > FEW {
            self.many.insert(brand);
        }
    }

    pub fn has(&self, brand: usize) -> bool {
        if self.found.len() <= FEW {
            self.found.iter().any(|&(known, _)| known == brand)
        } else {
            self.many.contains(&brand)
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (usize, Scope)> {
        self.found.iter().copied()
    }
}

/// The spaces of one conversation's events.
pub struct Spaces<'a> {
    registry: &'a Registry,
    root_brand: Option<usize>,
    /// Brands that platforms name as addressees, and that are not: they may have been taken for it.
    pub mistaken: FxHashSet<usize>,
    /// A brand is in the conversation from the first message that it wrote, or that addresses or names it.
    /// Deleted messages keep their part in this: a delete takes a message out, not the ones around it.
    joined: Vec<(usize, Moment)>,
    /// By place of the message.
    reasons: Vec<Reasons>,
}

impl<'a> Spaces<'a> {
    /// Args:
    ///     conversation: The conversation.
    ///     registry: Names the brands that a collector may assert.
    ///     addresses: The address of each message, by its place.
    pub fn new(
        conversation: &Conversation<'_>,
        registry: &'a Registry,
        addresses: &[Address<'_>],
    ) -> Spaces<'a> {
        let reasons: Vec<Reasons> = addresses.iter().map(direct_reasons).collect();
        let mut joined = Vec::new();
        let mut known: FxHashSet<usize> = FxHashSet::default();
        for (message, reasons) in conversation.messages.iter().zip(&reasons) {
            for (brand, _) in reasons.iter() {
                if known.insert(brand) {
                    joined.push((brand, message.event.published));
                }
            }
        }
        Spaces {
            registry,
            root_brand: conversation.root.and_then(|root| addresses[root].writer.brand),
            mistaken: addresses.iter().filter_map(|address| address.mistaken).collect(),
            joined,
            reasons,
        }
    }

    /// The brands in whose space the message at a place is, and why; to be asked once.
    pub fn of_message(&mut self, place: usize, message: &SocialEvent) -> Reasons {
        let reasons = std::mem::take(&mut self.reasons[place]);
        self.with_conversation(message, reasons)
    }

    /// The brands in whose space a reaction is, and why.
    pub fn of_reaction(
        &self,
        reaction: &SocialEvent,
        actor: Party<'_>,
        towards: Option<Party<'_>>,
    ) -> Reasons {
        let mut reasons = Reasons::default();
        if let Some(brand) = actor.brand {
            reasons.set_default(brand, Scope::Wrote);
        }
        if let Some(brand) = towards.and_then(|towards| towards.brand) {
            reasons.set_default(brand, Scope::Addressed);
        }
        self.with_conversation(reaction, reasons)
    }

    fn with_conversation(&self, event: &SocialEvent, mut reasons: Reasons) -> Reasons {
        if let Some(brand) = self.root_brand {
            reasons.set_default(brand, Scope::Root);
        }
        // In order of time, as the messages are.
        for &(brand, _) in self.joined.iter().take_while(|&&(_, since)| since <= event.published) {
            reasons.set_default(brand, Scope::Conversation);
        }
        for name in &event.brands {
            if let Some(brand) = self.registry.place(name) {
                reasons.set_default(brand, Scope::Asserted);
            }
        }
        reasons
    }
}

/// Brands that have to do with a message itself, each with the first reason that holds.
fn direct_reasons(address: &Address<'_>) -> Reasons {
    let mut reasons = Reasons::default();
    if let Some(brand) = address.writer.brand {
        reasons.set_default(brand, Scope::Wrote);
    }
    if let Some(brand) = address.to.and_then(|to| to.brand) {
        reasons.set_default(brand, Scope::Addressed);
    }
    for brand in address.named.iter().filter_map(|party| party.brand) {
        reasons.set_default(brand, Scope::Mentioned);
    }
    reasons
}
