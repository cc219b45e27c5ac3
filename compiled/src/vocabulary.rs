//! The words of the domain, as `schemas/vocabulary.py` and `schemas/event.py` have them.

/// An enumeration whose members go by a word.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($member:ident = $word:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($member),+ }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$member),+];

            pub fn word(self) -> &'static str {
                match self { $($name::$member => $word),+ }
            }

            pub fn of(word: &str) -> Option<$name> {
                match word { $($word => Some($name::$member),)+ _ => None }
            }
        }
    };
}

pub(crate) use words;

words!(
    /// What somebody did.
    Activity {
        Post = "post",
        Reply = "reply",
        Quote = "quote",
        Repost = "repost",
        Like = "like",
        Dislike = "dislike",
        Follow = "follow",
        Unfollow = "unfollow",
        Block = "block",
        Update = "update",
        Delete = "delete",
        Undo = "undo",
    }
);

impl Activity {
    /// Says something.
    pub fn is_message(self) -> bool {
        matches!(self, Activity::Post | Activity::Reply | Activity::Quote)
    }

    /// Only changes another activity.
    pub fn is_about_another(self) -> bool {
        matches!(self, Activity::Update | Activity::Delete | Activity::Undo)
    }

    /// A reaction to an account instead of a message.
    pub fn is_relation(self) -> bool {
        matches!(self, Activity::Follow | Activity::Unfollow | Activity::Block)
    }

    /// Never a message.
    pub fn is_reaction(self) -> bool {
        matches!(self, Activity::Repost | Activity::Like | Activity::Dislike) || self.is_relation()
    }
}

words!(
    /// What an account says that it is.
    ActorKind { Person = "person", Organization = "organization", Service = "service" }
);

words!(
    /// What an account is, seen from one brand.
    Role { Brand = "brand", OtherBrand = "other_brand", Customer = "customer", Bot = "bot" }
);

words!(
    /// Who talks to whom, seen from one brand.
    Direction {
        Bo = "BO",
        Bc = "BC",
        Cb = "CB",
        Cc = "CC",
        Co = "CO",
        Bx = "BX",
        Cx = "CX",
        Undecided = "undecided",
    }
);

words!(
    /// What a reaction does, seen from one brand.
    Effect {
        Amplification = "amplification",
        Applause = "applause",
        Disapproval = "disapproval",
        Give = "give",
        Trust = "trust",
        Relation = "relation",
        Other = "other",
    }
);

words!(
    /// Why an event is in a brand's space.
    Scope {
        Wrote = "wrote",
        Addressed = "addressed",
        Mentioned = "mentioned",
        Root = "root",
        Conversation = "conversation",
        Asserted = "asserted",
    }
);
