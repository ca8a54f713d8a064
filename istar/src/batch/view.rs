//! A batch as objectives see it.

use super::columns::columns;
use super::{Checklist, Continued, Layout, OwnColumns, Role};

macro_rules! view {
    (
        Always { $($(#[$adoc:meta])+ $always:ident: $alevel:ident $aitem:ident $alog:tt;)* }
        $($by:ident { $($(#[$doc:meta])+ $name:ident: $level:ident $item:ident if $need:ident $log:tt;)* })*
    ) => {
        /// A view of the columns of a batch, or of a logged batch: what is absent is `None`.
        #[derive(Clone, Copy, Debug)]
        pub struct Columns<'a> {
            /// Groups, trajectories, steps, tokens.
            pub layout: &'a Layout,
            /// Per token, the action token taken.
            pub token: Option<&'a [u32]>,
            $($(#[$adoc])+ pub $always: &'a [$aitem],)*
            $($($(#[$doc])+ pub $name: Option<&'a [$item]>,)*)*
            /// Per head of the critic, its estimates when the batch was sampled, at the level (step or token) of the critic.
            pub value: Option<&'a [Vec<f64>]>,
            /// Per head of the critic and trajectory, its estimate of the state after the last step; 0 where the episode ended.
            pub final_value: Option<&'a [Vec<f64>]>,
            /// Fresh continuations from the state before each step.
            pub continued: Option<&'a Continued>,
            /// Per trajectory, 1 where the last step ended the episode, 0 where it was cut off; all ended where absent.
            pub ended: Option<&'a [f64]>,
            /// The checklists of the groups.
            pub checklist: Option<&'a Checklist>,
            /// Columns of your own.
            pub own: Option<&'a OwnColumns>,
        }

        impl<'a> Columns<'a> {
            /// A batch with outcomes and nothing else.
            pub fn of_outcomes(layout: &'a Layout, $($always: &'a [$aitem]),*) -> Self {
                Columns {
                    layout,
                    token: None,
                    $($always,)*
                    $($($name: None,)*)*
                    value: None,
                    final_value: None,
                    continued: None,
                    ended: None,
                    checklist: None,
                    own: None,
                }
            }
        }
    };
}
columns!(view);
