use super::{Choice, Scheduler};

/// Uniformly at random, from a seed.
///
/// The number drawn for a step depends on the seed and the step alone, so that two versions of a program that have
/// the same options in a step make the same choice.
pub struct Random {
    seed: u64,
}

impl Random {
    /// The scheduler of this seed.
    pub fn new(seed: u64) -> Self {
        Random { seed }
    }
}

impl Scheduler for Random {
    fn choose(&mut self, step: u32, options: &[Choice]) -> Option<usize> {
        let options = options.iter().filter(|option| !matches!(option, Choice::Cancel(_))).count();
        let drawn = mix(mix(self.seed) ^ u64::from(step)) >> 32;
        (options > 0).then(|| ((drawn * options as u64) >> 32) as usize)
    }
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let value = (value ^ value >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ value >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ value >> 31
}
