//! Credit by what a token is for: HiPER's routing (arXiv 2602.16165).

use crate::batch::Role;

/// Per token, the number that `of` has for its role; 0 where it has none.
///
/// `of` gives, per role, one number per token of the batch.
pub fn route<'a>(roles: &[Role], of: impl Fn(Role) -> Option<&'a [f64]>) -> Vec<f64> {
    roles.iter().enumerate().map(|(i, role)| of(*role).map_or(0.0, |x| x[i])).collect()
}

/// Per step, 1 if one of its tokens has one of these roles, else 0; `step_of_token` is the step of each token.
pub fn has(roles: &[Role], step_of_token: &[u32], steps: usize, which: &[Role]) -> Vec<f64> {
    let mut found = vec![0.0; steps];
    for (role, step) in roles.iter().zip(step_of_token) {
        if which.contains(role) {
            found[*step as usize] = 1.0;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: [Role; 4] = [Role::Switch, Role::Subgoal, Role::Action, Role::Other];

    proptest! {
        #[test]
        fn a_token_gets_its_roles_number_and_no_other(
            tokens in proptest::collection::vec((0usize..4, -5.0..5.0f64, -5.0..5.0f64), 0..40),
        ) {
            let roles: Vec<Role> = tokens.iter().map(|t| ALL[t.0]).collect();
            let [a, b]: [Vec<f64>; 2] = [tokens.iter().map(|t| t.1).collect(), tokens.iter().map(|t| t.2).collect()];
            let found = route(&roles, |role| match role {
                Role::Action => Some(&a),
                Role::Switch => Some(&b),
                _ => None,
            });
            for (found, (role, a, b)) in found.iter().zip(&tokens) {
                prop_assert_eq!(*found, [*b, 0.0, *a, 0.0][*role]);
            }
        }

        #[test]
        fn a_step_has_a_role_if_one_of_its_tokens_has(
            steps in proptest::collection::vec(proptest::collection::vec(0usize..4, 0..5), 0..12),
            which in proptest::collection::vec(0usize..4, 1..4),
        ) {
            let roles: Vec<Role> = steps.iter().flatten().map(|role| ALL[*role]).collect();
            let owner: Vec<u32> = (0..).zip(&steps).flat_map(|(i, step)| step.iter().map(move |_| i)).collect();
            let asked: Vec<Role> = which.iter().map(|role| ALL[*role]).collect();
            let found = has(&roles, &owner, steps.len(), &asked);
            for (found, step) in found.iter().zip(&steps) {
                prop_assert_eq!(*found == 1.0, step.iter().any(|role| which.contains(role)));
            }
        }
    }
}
