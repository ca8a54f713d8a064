//! The traits of the algebra as objects, for what stands in a hole: [`Of`] makes one of a type.

use crate::batch::{CountId, LevelId, Scope};
use crate::credit::{Credit, Pairing, PoolId};
use crate::graph::{Pass, Phase, Rank0Loss};
use crate::need::demand::{Demand, Needs};
use crate::objective::count::Count;
use crate::objective::head::Target;
use crate::objective::level::Level;
use crate::objective::reference::Reference;
use crate::objective::scalar::Scalar;
use crate::objective::term::option::clip::Clip;
use crate::objective::term::option::link::Link;
use crate::objective::term::option::pairs::Pairs;
use crate::objective::term::option::rollouts::Rollouts;
use crate::objective::term::option::shape::Shape;
use crate::objective::within::Within;
use crate::objective::{Plan, Signal, Term};
use dfdx::prelude::Cpu;
use std::borrow::Cow;
use std::marker::PhantomData;

/// A type of the algebra as an object.
pub struct Of<T>(pub PhantomData<fn() -> T>);

impl<T> Of<T> {
    /// The object.
    pub const fn new() -> Self {
        Of(PhantomData)
    }
}

/// The traits whose functions can be called on an object as they stand: name, object, what asks a node for it; what it has
/// beside functions; its functions, on a batch and where only the scope is known. `traits!(then)` hands the rows to `then`.
macro_rules! traits {
    ($then:ident) => {
        $then! {
            Signal as AnySignal (signal) {
                needs Needs;
                level Level;
                kind Kind;
                batch {
                    fn eval() -> Vec<f64>;
                    fn weights() -> Vec<Option<f64>>;
                    fn kept() -> Option<Vec<bool>>;
                    fn after() -> Option<Vec<f64>>;
                }
                scope {
                    fn speaks_after() -> bool;
                    fn plan(plan: &mut Plan) -> ();
                    fn check(problems: &mut Vec<String>) -> ();
                    fn show() -> String;
                    fn is_sum() -> bool;
                    fn is_left_out() -> bool;
                }
            }
            Scalar as AnyScalar (scalar) {
                scope {
                    fn value() -> f64;
                    fn check(problems: &mut Vec<String>) -> ();
                    fn show() -> String;
                }
            }
            Within as AnyWithin (within) {
                needs Needs;
                level Level;
                scope {
                    fn id() -> PoolId;
                    fn check(problems: &mut Vec<String>) -> ();
                    fn show() -> String;
                }
            }
            Count as AnyCount (count) {
                needs Needs;
                scope {
                    fn value() -> CountId;
                    fn check(problems: &mut Vec<String>) -> ();
                    fn show() -> String;
                }
            }
            Clip as AnyClip (clip) {
                needs Needs;
                level Level;
                batch {
                    fn each() -> Option<[Vec<f64>; 2]>;
                }
                scope {
                    fn value() -> Option<(f64, f64)>;
                    fn plan(plan: &mut Plan) -> ();
                    fn check(problems: &mut Vec<String>) -> ();
                    fn show() -> String;
                }
            }
            Shape as AnyShape (shape) {
                scope {
                    fn value() -> crate::graph::Shape;
                    fn check(problems: &mut Vec<String>) -> ();
                    fn show() -> String;
                }
            }
            Link as AnyLink (link) {
                scope {
                    fn value() -> crate::graph::Link;
                    fn check(problems: &mut Vec<String>) -> ();
                    fn show() -> String;
                }
            }
            Pairs as AnyPairs (pairs) {
                scope {
                    fn pairing() -> Pairing;
                    fn check(problems: &mut Vec<String>) -> ();
                    fn show() -> String;
                }
            }
            Rollouts as AnyRollouts (rollouts) {
                needs Needs;
                scope {
                    fn value() -> f64;
                    fn check(problems: &mut Vec<String>) -> ();
                    fn show() -> String;
                }
            }
        }
    };
}
pub(super) use traits;

/// Objects whose functions are those of a trait.
macro_rules! roles {
    ($($trait:ident as $any:ident ($role:ident) {
        $(needs $needs:ident;)?
        $(level $level:ident;)?
        $(kind $kind:ident;)?
        $(batch { $(fn $b:ident($($ba:ident: $bt:ty),*) -> $br:ty;)* })?
        scope { $(fn $s:ident($($sa:ident: $st:ty),*) -> $sr:ty;)* }
    })*) => {$(
        #[doc = concat!("A `", stringify!($trait), "` as an object.")]
        pub trait $any: Send + Sync {
            $(
                #[doc = concat!("`", stringify!($needs), "` of the type, without those of what stands in its holes.")]
                fn demand(&self) -> Demand;
            )?
            $(
                #[doc = concat!("Its `", stringify!($level), "`.")]
                fn level(&self, at: &Scope<'_>) -> LevelId;
            )?
            $($(fn $b(&self, cx: &Credit<'_>, $($ba: $bt),*) -> $br;)*)?
            $(fn $s(&self, at: &Scope<'_>, $($sa: $st),*) -> $sr;)*
        }
        impl<T: $trait> $any for Of<T> {
            $(fn demand(&self) -> Demand {
                <T::$needs as Needs>::DEMAND
            })?
            $(fn level(&self, at: &Scope<'_>) -> LevelId {
                <T::$level as Level>::id(at)
            })?
            $($(fn $b(&self, cx: &Credit<'_>, $($ba: $bt),*) -> $br {
                T::$b(cx, $($ba),*)
            })*)?
            $(fn $s(&self, at: &Scope<'_>, $($sa: $st),*) -> $sr {
                T::$s(at, $($sa),*)
            })*
        }
    )*};
}

traits!(roles);

/// A `Reference` as an object.
pub trait AnyReference: Send + Sync {
    /// `Needs` of the type.
    fn demand(&self) -> Demand;
    fn column<'a>(&self, cx: &Credit<'a>) -> Cow<'a, [f64]>;
    fn plan(&self, at: &Scope<'_>, plan: &mut Plan);
    fn check(&self, at: &Scope<'_>, problems: &mut Vec<String>);
    fn show(&self, at: &Scope<'_>) -> String;
}

impl<T: Reference> AnyReference for Of<T> {
    fn demand(&self) -> Demand {
        <T::Needs as Needs>::DEMAND
    }
    fn column<'a>(&self, cx: &Credit<'a>) -> Cow<'a, [f64]> {
        T::column(cx)
    }
    fn plan(&self, at: &Scope<'_>, plan: &mut Plan) {
        T::plan(at, plan);
    }
    fn check(&self, at: &Scope<'_>, problems: &mut Vec<String>) {
        T::check(at, problems);
    }
    fn show(&self, at: &Scope<'_>) -> String {
        T::show(at)
    }
}

/// A `Target` of a head as an object.
pub trait AnyTarget: Send + Sync {
    fn target(&self, cx: &Credit<'_>, level: LevelId) -> Vec<Option<f64>>;
}

impl<T: Target> AnyTarget for Of<T> {
    fn target(&self, cx: &Credit<'_>, level: LevelId) -> Vec<Option<f64>> {
        T::target(cx, level)
    }
}

/// A loss term as an object: in `f64` on the host, as a line is evaluated.
pub trait AnyTerm: Send + Sync {
    /// `Needs` of the type, without those of what stands in its holes.
    fn demand(&self) -> Demand;
    fn credit(&self, at: &Scope<'_>) -> Option<LevelId>;
    fn prepare(&self, cx: &Credit<'_>, phase: Phase) -> Box<dyn AnyPrepared>;
    fn terms(&self, at: &Scope<'_>, names: &mut Vec<String>);
    fn plan(&self, at: &Scope<'_>, plan: &mut Plan);
    fn check(&self, at: &Scope<'_>, problems: &mut Vec<String>);
    fn show(&self, at: &Scope<'_>, lines: &mut Vec<String>);
}

/// What a term prepared.
pub trait AnyPrepared: Send + Sync {
    /// See [`Term::shares`].
    fn shares(&self, pass: &mut Pass<'_, f64, Cpu>, shares: &mut Vec<f64>) -> Option<Rank0Loss<f64, Cpu>>;
    fn advantage(&self) -> Option<&[f64]>;
}

struct Prepared<T: Term>(T::Prepared);

impl<T: Term> AnyPrepared for Prepared<T> {
    fn shares(&self, pass: &mut Pass<'_, f64, Cpu>, shares: &mut Vec<f64>) -> Option<Rank0Loss<f64, Cpu>> {
        T::shares(&self.0, pass, shares)
    }
    fn advantage(&self) -> Option<&[f64]> {
        T::advantage(&self.0)
    }
}

impl<T: Term> AnyTerm for Of<T> {
    fn demand(&self) -> Demand {
        <T::Needs as Needs>::DEMAND
    }
    fn credit(&self, at: &Scope<'_>) -> Option<LevelId> {
        T::credit(at)
    }
    fn prepare(&self, cx: &Credit<'_>, phase: Phase) -> Box<dyn AnyPrepared> {
        Box::new(Prepared::<T>(T::prepare(cx, phase)))
    }
    fn terms(&self, at: &Scope<'_>, names: &mut Vec<String>) {
        T::terms(at, names);
    }
    fn plan(&self, at: &Scope<'_>, plan: &mut Plan) {
        T::plan(at, plan);
    }
    fn check(&self, at: &Scope<'_>, problems: &mut Vec<String>) {
        T::check(at, problems);
    }
    fn show(&self, at: &Scope<'_>, lines: &mut Vec<String>) {
        T::show(at, lines);
    }
}

/// A number as it stands in a line.
pub struct Number(pub f64);

impl AnyScalar for Number {
    fn value(&self, _: &Scope<'_>) -> f64 {
        self.0
    }
    fn check(&self, _: &Scope<'_>, _: &mut Vec<String>) {}
    fn show(&self, _: &Scope<'_>) -> String {
        self.0.to_string()
    }
}

/// Hyper-parameter number ..
pub struct Hyper(pub usize);

impl AnyScalar for Hyper {
    fn value(&self, at: &Scope<'_>) -> f64 {
        at.params[self.0]
    }
    fn check(&self, _: &Scope<'_>, _: &mut Vec<String>) {}
    fn show(&self, at: &Scope<'_>) -> String {
        at.names[self.0].to_owned()
    }
}
