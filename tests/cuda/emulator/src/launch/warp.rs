//! What lanes of a warp make of the values that they hand to each other.

use super::abi::Exchange;

/// The kinds of `ptx.h`, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    ShuffleUp,
    ShuffleDown,
    ShuffleBfly,
    ShuffleIdx,
    VoteAll,
    VoteAny,
    VoteUni,
    VoteBallot,
    MatchAny,
    MatchAll,
    ReduxAdd,
    ReduxMinU,
    ReduxMaxU,
    ReduxMinS,
    ReduxMaxS,
    ReduxAnd,
    ReduxOr,
    ReduxXor,
    SyncWarp,
    Active,
}

const KINDS: [Kind; 20] = [
    Kind::ShuffleUp,
    Kind::ShuffleDown,
    Kind::ShuffleBfly,
    Kind::ShuffleIdx,
    Kind::VoteAll,
    Kind::VoteAny,
    Kind::VoteUni,
    Kind::VoteBallot,
    Kind::MatchAny,
    Kind::MatchAll,
    Kind::ReduxAdd,
    Kind::ReduxMinU,
    Kind::ReduxMaxU,
    Kind::ReduxMinS,
    Kind::ReduxMaxS,
    Kind::ReduxAnd,
    Kind::ReduxOr,
    Kind::ReduxXor,
    Kind::SyncWarp,
    Kind::Active,
];

impl Kind {
    pub(super) fn of(exchange: &Exchange) -> Kind {
        KINDS.get(exchange.kind as usize).copied().unwrap_or(Kind::SyncWarp)
    }
}

/// What a lane gets that it cannot know: the value of one that takes no part.
const UNKNOWN: u64 = 0xFFFF_FFFF;

/// Fills in what comes out for every lane that takes part; `lanes` has those, by their number.
pub(super) fn resolve(lanes: &mut [Option<Exchange>; 32]) {
    let before = *lanes;
    let present =
        || before.iter().enumerate().filter_map(|(lane, exchange)| exchange.map(|e| (lane as u32, e)));
    let ballot = |holds: &dyn Fn(&Exchange) -> bool| {
        present().filter(|(_, exchange)| holds(exchange)).fold(0u32, |bits, (lane, _)| bits | 1 << lane)
    };
    let whole = ballot(&|_| true);
    let fold = |join: fn(u32, u32) -> u32| {
        present().map(|(_, exchange)| exchange.value as u32).reduce(join).map_or(0, u64::from)
    };
    for (lane, own) in lanes.iter_mut().enumerate() {
        let Some(own) = own else { continue };
        let truth = |holds: bool| u64::from(holds);
        let (result, predicate) = match Kind::of(own) {
            Kind::ShuffleUp | Kind::ShuffleDown | Kind::ShuffleBfly | Kind::ShuffleIdx => {
                let (from, inside) = source(own, lane as u32);
                let value = before[from as usize].map_or(UNKNOWN, |exchange| exchange.value & 0xFFFF_FFFF);
                (value, inside)
            }
            Kind::VoteAll => (truth(present().all(|(_, exchange)| exchange.value != 0)), true),
            Kind::VoteAny => (truth(present().any(|(_, exchange)| exchange.value != 0)), true),
            Kind::VoteUni => {
                let first = own.value != 0;
                (truth(present().all(|(_, exchange)| (exchange.value != 0) == first)), true)
            }
            Kind::VoteBallot => (u64::from(ballot(&|exchange| exchange.value != 0)), true),
            Kind::MatchAny => {
                let value = own.value;
                (u64::from(ballot(&|exchange| exchange.value == value)), true)
            }
            Kind::MatchAll => {
                let value = own.value;
                let all = present().all(|(_, exchange)| exchange.value == value);
                (if all { u64::from(whole) } else { 0 }, all)
            }
            Kind::ReduxAdd => (fold(u32::wrapping_add), true),
            Kind::ReduxMinU => (fold(u32::min), true),
            Kind::ReduxMaxU => (fold(u32::max), true),
            Kind::ReduxMinS => (fold(|a, b| (a as i32).min(b as i32) as u32), true),
            Kind::ReduxMaxS => (fold(|a, b| (a as i32).max(b as i32) as u32), true),
            Kind::ReduxAnd => (fold(|a, b| a & b), true),
            Kind::ReduxOr => (fold(|a, b| a | b), true),
            Kind::ReduxXor => (fold(|a, b| a ^ b), true),
            Kind::SyncWarp => (0, true),
            Kind::Active => (u64::from(whole), true),
        };
        (own.result, own.predicate) = (result, u32::from(predicate));
    }
}

/// The lane that a shuffle reads, and whether it lies in the same part of the warp; a lane reads itself if not.
fn source(exchange: &Exchange, lane: u32) -> (u32, bool) {
    let segment = exchange.clamp >> 8 & 31;
    let clamp = exchange.clamp & 31;
    let bound = (lane & segment) | (clamp & !segment);
    let lowest = lane & segment;
    let by = exchange.source & 31;
    let (from, inside) = match Kind::of(exchange) {
        Kind::ShuffleUp => {
            let from = i64::from(lane) - i64::from(by);
            (from, from >= i64::from(bound))
        }
        Kind::ShuffleDown => {
            let from = i64::from(lane + by);
            (from, from <= i64::from(bound))
        }
        Kind::ShuffleBfly => {
            let from = i64::from(lane ^ by);
            (from, from <= i64::from(bound))
        }
        _ => {
            let from = i64::from(lowest | (by & !segment));
            (from, from <= i64::from(bound))
        }
    };
    if inside { (from as u32, true) } else { (lane, false) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchanged(kind: Kind, source: u32, clamp: u32, mask: u32) -> [(u64, u32); 32] {
        let kind = KINDS.iter().position(|other| *other == kind).map_or(0, |place| place as u32);
        let mut lanes = [None; 32];
        for (lane, slot) in lanes.iter_mut().enumerate().filter(|(lane, _)| mask >> lane & 1 == 1) {
            let value = lane as u64;
            *slot = Some(Exchange { kind, site: 0, mask, source, clamp, predicate: 0, value, result: 0 });
        }
        resolve(&mut lanes);
        lanes.map(|lane| lane.map_or((0, 9), |exchange| (exchange.result, exchange.predicate)))
    }

    #[test]
    fn shuffles() {
        let down = exchanged(Kind::ShuffleDown, 16, 31, !0);
        assert_eq!((down[3], down[15], down[16]), ((19, 1), (31, 1), (16, 0)));
        let up = exchanged(Kind::ShuffleUp, 1, 0, !0);
        assert_eq!((up[0], up[1]), ((0, 0), (0, 1)));
        // In parts of eight lanes: the mask of the segment is 24, and the clamp 31.
        let parts = exchanged(Kind::ShuffleDown, 4, 24 << 8 | 31, !0);
        assert_eq!((parts[3], parts[4], parts[12]), ((7, 1), (4, 0), (12, 0)));
        let index = exchanged(Kind::ShuffleIdx, 2, 24 << 8 | 31, !0);
        assert_eq!((index[0], index[9], index[31]), ((2, 1), (10, 1), (26, 1)));
        let butterfly = exchanged(Kind::ShuffleBfly, 5, 31, !0);
        assert_eq!(butterfly[8], (13, 1));
        assert_eq!(exchanged(Kind::ShuffleDown, 4, 31, 0xF)[0], (UNKNOWN, 1));
    }

    #[test]
    fn what_all_lanes_get() {
        let first = |kind, mask| exchanged(kind, 0, 0, mask)[1].0;
        assert_eq!(first(Kind::VoteBallot, 0xFF), 0xFE);
        assert_eq!((first(Kind::VoteAll, 0xFF), first(Kind::VoteAll, 0xFE)), (0, 1));
        assert_eq!(first(Kind::ReduxAdd, 0xF), 6);
        assert_eq!(first(Kind::ReduxMaxU, 0xF), 3);
        assert_eq!(first(Kind::MatchAny, 0xF), 2);
        assert_eq!(first(Kind::Active, 0xF), 0xF);
    }
}
