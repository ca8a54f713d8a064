//! Everything that an expansion could name is something else here.
#![deny(warnings, missing_docs, unused_qualifications, unreachable_pub)]
#![allow(dead_code, non_camel_case_types, non_upper_case_globals)]

mod core {}
mod std {}
mod istar {}
mod serde {}
struct Option;
struct Some;
struct None;
struct Default;
struct Clone;
struct Vec;
struct Result;
struct Signal;
struct Term;
type f64 = u8;
type usize = u8;
type str = u8;
static values: u8 = 0;
const index: u8 = 0;

::istar::objective! {
    /// Docs reach the struct.
    pub(crate) IStar<beta = 0.05, lambda = 1.0> = dpo_prm(beta) + rl(adv = traj + lambda * step)
}
::istar::objective! {
    /// No parameters.
    pub(super) Plain = rl(adv = whiten(outcome - 0.1 * invalid))
}
::istar::objective! {
    Raw<r#type = -0.5, a_name_that_is_a_good_deal_longer_than_the_sixty_four_bytes_of_a_cell_of_text = 2> =
        rl(adv = (r#type * a_name_that_is_a_good_deal_longer_than_the_sixty_four_bytes_of_a_cell_of_text) * traj)
}
type Quoted = ::istar::objective!(< kl(0.1) + rl(adv = traj) >);

#[test]
fn holds() {
    let (x, self_) = (0.1f32, 2u8);
    let _ = ::istar::objective!(x * kl(self_) + rl(adv = x * traj));
    let long = ::istar::objective!(<
        rl(adv = a_name_that_is_a_good_deal_longer_than_the_sixty_four_bytes_of_a_cell_of_text * traj)
            + bc(r#type)
    >);
    assert_eq!(
        long.names(),
        ["a_name_that_is_a_good_deal_longer_than_the_sixty_four_bytes_of_a_cell_of_text", "type"]
    );
    let _ = <Quoted as ::core::default::Default>::default();
    let _ = (
        <IStar as ::core::default::Default>::default(),
        Plain,
        Raw { ..::core::default::Default::default() },
    );
}
