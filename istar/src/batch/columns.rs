//! The table of columns: what a batch is made of.
//!
//! `columns!(then ..)` calls the macro `then` with the rows, behind whatever stands at `..`. From them follow the fields of
//! [`Batch`](super::Batch) and of [`Columns`](super::Columns), what the sampler writes down, and the fields of a logged
//! batch. A row is
//!
//! ```text
//! name: Level item if Need (kind "key": OtherNeed "words");
//! ```
//!
//! one `item` for each unit of the level, stored where the objective has the need. In parentheses is its field in a log:
//! what kind of value stands under which key, and the need by which it is missed, with what an objective does that misses it.
//! A field without such words may be absent.
//!
//! Who provides a column is the section that it stands in:
//!
//! | section | provided by |
//! |---|---|
//! | `Always` | the sampler, in every batch and in every log |
//! | `Sampler` | the sampler, from what a step brought |
//! | `Environment` | a [`Recorder`](crate::env::Recorder) of the environment, which says at what moment of a step |
//! | `Reference` | the trainer, which reads a network before phase A |
//! | `Prm` | the trainer, which reads the process-reward model in phase A |
//! | `Log` | nobody but a log |
//!
//! By hand, beside the table, because they are no list of numbers per element or not by one owner: the tokens taken (always
//! there in a batch, seldom in a log), checklists, continuations, the heads of a critic, which trajectories ended, and in
//! logs what segments are told from.

/// The rows; see the head of this file.
macro_rules! columns {
    ($then:ident $($more:tt)*) => {
        $then! {
            $($more)*
            Always {
                /// Per token, its log-probability under the policy that produced the batch; never recomputed.
                old: Token f64 (Number "old");
                /// Per trajectory, the scalar return.
                outcome: Traj f64 (Number "outcome");
                /// Per trajectory, 1 for success, 0 for failure.
                success: Traj f64 (Flag "success");
            }
            Sampler {
                /// Per step, the environment's reward.
                reward: Step f64 if StepRewards (Number "reward": StepRewards "reads step rewards");
                /// Per step, 1 where the action could not be parsed.
                invalid: Step f64 if InvalidFlags (Not "valid": InvalidFlags "reads which actions could be parsed");
                /// Per trajectory, 0 where a judge or tool call failed.
                judged: Traj f64 if Checklist (Flag "judge_ok");
                /// Per token, what it is for.
                role: Token Role if Roles (Role "role": Roles "reads roles");
                /// Per token, the entropy of the distribution that it was drawn from, in nats.
                old_entropy: Token f64 if SampledEntropy (Number "old_entropy": SampledEntropy "reads how undecided the policy was");
                /// Per step, 1 where the decision said SWITCH.
                switch: Step f64 if Roles (Flag "switch": Decisions "reads decisions");
                /// Per step, the probability of SWITCH under the policy that produced the batch, see
                /// `Roles::switch`; 0 where there is no decision.
                p_switch: Step f64 if Roles (Number "p_switch": SwitchChances "reads how probable decisions are");
            }
            Environment {
                /// Per step, a label equal for equal states of one group.
                state: Step u32 if StateKeys (GroupLabel "state": StateKeys "compares states");
                /// Per step, a description of the state that it was taken in.
                text: Step String if StateTexts (Text "text":
                    StateTexts "compares descriptions of states; where `state` is one, `text` is a copy of it");
                /// Per step, its segment's index inside the trajectory, from 0 and growing.
                segment: Step u32 if Segments ();
                /// Per step, the agent that acted.
                agent: Step u32 if Agents (Label "agent": Agents "reads which agent acted");
                /// Per step, how many steps of a shortest solution nearer success is after it than where the episode began.
                nearer: Step f64 if ExactCredit (Number "nearer": ExactCredit "reads the exact distance to success");
                /// Per step, its tag.
                tag: Step u32 if Tags (Label "tag": Tags "reads tags");
            }
            Reference {
                /// Per token, the initial policy's log-probability.
                init: Token f64 if InitRef (Number "ref": InitRef "reads the initial policy");
                /// Per token, the snapshot's log-probability.
                snapshot: Token f64 if SnapshotRef (Number "snapshot": SnapshotRef "reads a snapshot of the policy");
                /// Per token, the moving average's log-probability.
                ema: Token f64 if EmaRef (Number "ema": EmaRef "reads a moving average of the policy");
            }
            Prm {
                /// Per token, the implicit PRM's log-probability.
                prm: Token f64 if ReadsPrm (Number "prm": ReadsPrm "reads the PRM");
                /// Per step, the explicit PRM's reading of the action taken, 0 to 1.
                q: Step f64 if ExplicitPrm (Number "q": ExplicitPrm "reads an explicit PRM");
            }
            Log {
                /// Per token, the log-probability that the engine which sampled the batch reported.
                sampler: Token f64 if SamplerRef (Number "sampler": SamplerRef "reads what the sampling engine reported");
                /// Per token, an advantage that was assigned elsewhere.
                adv: Token f64 if GivenAdvantage (Number "adv": GivenAdvantage "takes advantages as they come");
                /// Per token, a return that was computed elsewhere.
                ret: Token f64 if GivenReturn (Number "ret": GivenReturn "takes returns as they come");
            }
        }
    };
}
pub(crate) use columns;
