//! Strings that come again and again, such as ids, names of platforms and languages, held once.

use std::hash::BuildHasher;

use rustc_hash::FxBuildHasher;

use crate::event::Str;

const SLOTS: usize = 1 << 12;
/// Longer ones are worth no memory of their own.
const LONGEST: usize = 64;

/// The newest strings: each has one slot where it can stand, and gives way to the next that can stand there.
pub struct Strings {
    slots: Box<[Option<Str>]>,
}

impl Strings {
    pub fn new() -> Strings {
        Strings { slots: vec![None; SLOTS].into() }
    }

    /// The string, shared with those that were the same.
    pub fn share(&mut self, text: &str) -> Str {
        if text.len() > LONGEST {
            return text.into();
        }
        // The high bits are the good ones of this hash.
        let place = (FxBuildHasher.hash_one(text) >> (u64::BITS - SLOTS.ilog2())) as usize;
        match &mut self.slots[place] {
            Some(known) if **known == *text => known.clone(),
            slot => slot.insert(text.into()).clone(),
        }
    }
}
