//! Who talks to whom, seen from each brand: `streams/direct.py`.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::address::{Address, Addresses, How, Party, filled};
use crate::conversation::Conversation;
use crate::event::{Moment, SocialEvent, Str};
use crate::registry::Registry;
use crate::spaces::Spaces;
use crate::vocabulary::{Activity, Direction, Effect, Role, Scope};

/// A brand's root that mentions more customers than this addresses nobody (rule 4).
const BLASTING: usize = 3;

/// One event in one brand's space.
#[derive(Clone, Copy)]
pub struct Directed<'a> {
    pub event: &'a Arc<SocialEvent>,
    /// Place among the conversation's messages, or among the reactions that stand.
    pub place: usize,
    pub scope: Scope,
    /// None for a reaction.
    pub direction: Option<Direction>,
    pub effect: Option<Effect>,
    pub actor_role: Role,
    /// The account talked to or acted on; of an undecided reply, the one that the platform names.
    pub addressee: Option<&'a Str>,
    pub addressee_role: Option<Role>,
    pub indirect: bool,
    pub adds_brand: bool,
    /// Whether it goes into the sums: a message to which no bot is a party.
    pub counts: bool,
}

/// What is in one brand's space.
#[derive(Default)]
pub struct Told<'a> {
    /// Live messages in order, like the reactions that stand.
    pub messages: Vec<Directed<'a>>,
    pub reactions: Vec<Directed<'a>>,
}

/// What a thread comes to; brands go by their places in the registry.
#[derive(Default)]
pub struct Directions<'a> {
    /// By brand.
    pub told: FxHashMap<usize, Told<'a>>,
    /// Events and brands that are not in each other's space, but may have been when less had come.
    pub withdrawn: Vec<(&'a Arc<SocialEvent>, usize)>,
}

/// Direct every message and reaction of a thread.
///
/// Args:
///     conversation: The thread.
///     registry: Tells brands' accounts, as of each event's time.
///     settled: Event time up to which replies to unknown parents take the addressee that the platform names;
///         none: they wait.
pub fn direct<'a>(
    conversation: &'a Conversation<'a>,
    registry: &'a Registry,
    settled: Option<Moment>,
) -> Directions<'a> {
    let mut addresses = Addresses::new(conversation, registry, settled);
    let by_message: Vec<Address<'a>> =
        (0..conversation.messages.len()).map(|place| addresses.of(place)).collect();
    let mut spaces = Spaces::new(conversation, registry, &by_message);
    let mut found = Directions::default();
    for (place, address) in by_message.iter().enumerate() {
        found.add_message(conversation, &mut spaces, place, address);
    }
    for (place, reaction) in conversation.reactions.iter().enumerate() {
        found.add_reaction(conversation, &addresses, &spaces, (reaction, Some(place)));
    }
    for reaction in &conversation.overruled {
        found.add_reaction(conversation, &addresses, &spaces, (reaction, None));
    }
    found
}

impl<'a> Directions<'a> {
    fn add_message(
        &mut self,
        conversation: &'a Conversation<'a>,
        spaces: &mut Spaces<'_>,
        place: usize,
        address: &Address<'a>,
    ) {
        let message = &conversation.messages[place];
        let event = &message.event;
        let here = spaces.of_message(place, event);
        for (brand, scope) in here.iter() {
            if message.retracted {
                self.withdrawn.push((event, brand));
            } else {
                let directed = directed_message(event, place, address, brand, scope);
                self.told.entry(brand).or_default().messages.push(directed);
            }
        }
        let mistaken = spaces.mistaken.iter().filter(|&&brand| !here.has(brand));
        self.withdrawn.extend(mistaken.map(|&brand| (event, brand)));
    }

    /// Args:
    ///     reaction: The reaction, and its place where it stands.
    fn add_reaction(
        &mut self,
        conversation: &'a Conversation<'a>,
        addresses: &Addresses<'a>,
        spaces: &Spaces<'_>,
        (reaction, standing): (&'a Arc<SocialEvent>, Option<usize>),
    ) {
        let actor = addresses.party(reaction, &reaction.actor.id);
        let towards = acted_on(reaction, conversation, addresses);
        let here = spaces.of_reaction(reaction, actor, towards);
        for (brand, scope) in here.iter() {
            if let Some(place) = standing {
                let directed = directed_reaction((reaction, place), actor, towards, brand, scope);
                self.told.entry(brand).or_default().reactions.push(directed);
            } else {
                self.withdrawn.push((reaction, brand));
            }
        }
        let named = reaction.object.as_ref().and_then(|object| filled(&object.actor_id));
        let named_brand = named.and_then(|account| addresses.party(reaction, account).brand);
        let mistaken = spaces.mistaken.iter().copied().chain(named_brand).filter(|&brand| !here.has(brand));
        self.withdrawn.extend(mistaken.map(|brand| (reaction, brand)));
    }
}

fn directed_message<'a>(
    event: &'a Arc<SocialEvent>,
    place: usize,
    address: &Address<'a>,
    brand: usize,
    scope: Scope,
) -> Directed<'a> {
    let actor_role = address.writer.role(brand);
    let (direction, to) = match (address.how, address.to) {
        (How::Opening, _) => opening(address, brand),
        (How::Alone, to) => (alone(actor_role), to),
        (How::Unknown, to) | (_, to @ None) => (Direction::Undecided, to),
        (_, Some(to)) => (edge(actor_role, to.role(brand)), Some(to)),
    };
    let to_role = to.map(|to| to.role(brand));
    let is_quote = address.how == How::Quote;
    Directed {
        event,
        place,
        scope,
        direction: Some(direction),
        effect: (is_quote && direction == Direction::Cb).then_some(Effect::Amplification),
        actor_role,
        addressee: to.map(|to| to.account),
        addressee_role: to_role,
        indirect: is_quote,
        adds_brand: actor_role == Role::Customer
            && (is_quote || address.how == How::Reply && direction != Direction::Cb)
            && address.newly_named.iter().any(|party| party.brand == Some(brand)),
        counts: actor_role != Role::Bot && to_role != Some(Role::Bot),
    }
}

/// Self-only chains address nobody, whomever they mention (end of section 3).
fn alone(actor: Role) -> Direction {
    match actor {
        Role::Brand => Direction::Bo,
        Role::Customer | Role::Bot => Direction::Co,
        Role::OtherBrand => Direction::Bx,
    }
}

/// Rules 2 and 3: one party talks to another. A bot talks like a customer; it is left out of the sums.
fn edge(actor: Role, to: Role) -> Direction {
    match (actor, to) {
        (Role::OtherBrand, Role::Brand | Role::OtherBrand) => Direction::Bx,
        (Role::OtherBrand, _) => Direction::Cx,
        (Role::Brand, Role::OtherBrand) => Direction::Bx,
        (Role::Brand, Role::Brand) => Direction::Bo,
        (Role::Brand, _) => Direction::Bc,
        (_, Role::OtherBrand) => Direction::Cx,
        (_, Role::Brand) => Direction::Cb,
        _ => Direction::Cc,
    }
}

/// Rules 4 and 6: a root addresses whom it names.
fn opening<'a>(address: &Address<'a>, brand: usize) -> (Direction, Option<Party<'a>>) {
    let named = || address.newly_named.iter().copied();
    let ours = named().find(|party| party.brand == Some(brand));
    let other = named().find(|party| party.brand.is_some_and(|other| other != brand));
    let mut people = named().filter(|party| party.brand.is_none() && !party.bot);
    let person = people.next();
    let is_blasting = person.is_some() && 1 + people.count() > BLASTING;
    match address.writer.role(brand) {
        Role::Brand => match (person, other) {
            (Some(_), _) if is_blasting => (Direction::Bo, None),
            (Some(_), _) => (Direction::Bc, person),
            (None, Some(_)) => (Direction::Bx, other),
            (None, None) => (Direction::Bo, None),
        },
        Role::OtherBrand => match ours.or(other) {
            None if person.is_some() && !is_blasting => (Direction::Cx, person),
            brands => (Direction::Bx, brands),
        },
        Role::Customer | Role::Bot => match (ours, other, person) {
            (Some(_), _, _) => (Direction::Cb, ours),
            (None, Some(_), _) => (Direction::Cx, other),
            (None, None, Some(_)) => (Direction::Cc, person),
            (None, None, None) => (Direction::Co, None),
        },
    }
}

/// Whose message, or which account, a reaction is about; none while that is not known.
fn acted_on<'a>(
    reaction: &'a SocialEvent,
    conversation: &'a Conversation<'a>,
    addresses: &Addresses<'a>,
) -> Option<Party<'a>> {
    let object = reaction.object.as_ref()?;
    if reaction.activity.is_relation() {
        return Some(addresses.party(reaction, &object.id));
    }
    match conversation.place(&object.id) {
        Some(known) => Some(addresses.writers[known]),
        None => Some(addresses.party(reaction, filled(&object.actor_id)?)),
    }
}

fn directed_reaction<'a>(
    (reaction, place): (&'a Arc<SocialEvent>, usize),
    actor: Party<'a>,
    towards: Option<Party<'a>>,
    brand: usize,
    scope: Scope,
) -> Directed<'a> {
    let actor_role = actor.role(brand);
    let role = towards.map(|towards| towards.role(brand));
    let itself = towards.is_some_and(|towards| towards.author() == actor.author());
    Directed {
        event: reaction,
        place,
        scope,
        direction: None,
        effect: Some(effect(reaction.activity, actor_role, role, itself)),
        actor_role,
        addressee: towards.map(|towards| towards.account),
        addressee_role: role,
        indirect: false,
        adds_brand: false,
        counts: false,
    }
}

/// Rules 7 and 8.
fn effect(activity: Activity, actor: Role, to: Option<Role>, itself: bool) -> Effect {
    if activity.is_relation() {
        return Effect::Relation;
    }
    match (actor, to, activity) {
        _ if itself => Effect::Other,
        (Role::Customer, Some(Role::Brand), Activity::Repost) => Effect::Amplification,
        (Role::Customer, Some(Role::Brand), Activity::Like) => Effect::Applause,
        (Role::Customer, Some(Role::Brand), _) => Effect::Disapproval,
        (_, _, Activity::Dislike) => Effect::Other,
        (Role::Brand, Some(Role::Customer), _) => Effect::Give,
        (Role::Customer, Some(Role::Customer), _) => Effect::Trust,
        _ => Effect::Other,
    }
}
