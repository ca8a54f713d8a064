//! Of what is compared with a policy.

use super::*;

const EVERY: &[Arg] = &[needed("every", Takes::Scalar(Range::Count))];
const DRIFT: &[Arg] = &[needed("kl", Takes::Scalar(Range::Positive))];
const TAU: &[Arg] = &[first("tau", Takes::Scalar(Range::Rate), Fill::Needed)];
const ALPHA: &[Arg] = &[GEO_ALPHA];
const INIT: Row = word("init", "reference::Init", &[]);
const OLD: Row = word("old", "reference::Old", &[]);
const SNAPSHOT: Row = word("snapshot", "reference::Snapshot", EVERY);
const SNAPSHOT_KL: Row = word("snapshot", "reference::SnapshotKl", DRIFT);
const EMA: Row = word("ema", "reference::Ema", TAU);
const GEO: Row = word("geo", "reference::Geo", ALPHA);
const SAMPLER: Row = word("sampler", "reference::Sampler", &[]);
const OF_TOKENS: Row = word("column", "reference::Column", &[NAME]);
const PRM: Row = word("prm", "reference::Prm", &[]).prm(Prm::Reads);
static OTHERS: &[Row] = &[INIT, OLD, SAMPLER, SNAPSHOT, SNAPSHOT_KL, EMA, GEO, OF_TOKENS];
const NONE: Row = word("none", "reference::Free", &[]);
static OTHERS_OR_NONE: &[Row] = &[INIT, OLD, SAMPLER, SNAPSHOT, SNAPSHOT_KL, EMA, GEO, OF_TOKENS, NONE];
/// Frozen views of a policy, and the PRM.
pub static REFERENCES: &[Row] = &[PRM, INIT, OLD, SAMPLER, SNAPSHOT, SNAPSHOT_KL, EMA, GEO, OF_TOKENS];
pub const REF: Arg = option("ref", Takes::Word(OTHERS), "init");
/// Of the policy's own preference, whose score may be its likelihood.
pub const OR_NO_REF: Arg = option("ref", Takes::Word(OTHERS_OR_NONE), "init");
pub const KL_REF: Arg = first("ref", Takes::Word(OTHERS), Fill::Text("init"));
pub const P: Arg = first("p", Takes::Word(REFERENCES), Fill::Needed);
pub const Q: Arg = first("q", Takes::Word(REFERENCES), Fill::Needed);
