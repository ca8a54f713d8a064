//! Language models as the partner and the judges of social dialogues, behind the server that the environment names.

use crate::env::dialogue::Dialogue;
use serde::Serialize;
use std::fmt::{Debug, Formatter};
use std::sync::Arc;

/// Who is outside of the program, by the names of the models; as it stands in a manifest.
#[derive(Clone, Serialize)]
pub(super) struct Outside {
    /// The partner, the judge of training, the judge of validation and test.
    pub models: [String; 3],
    #[serde(skip)]
    seat: Arc<dyn Fn(Dialogue) -> Dialogue + Send + Sync>,
}

impl Outside {
    /// The dialogue with them in it.
    pub(super) fn seat(&self, env: Dialogue) -> Dialogue {
        (self.seat)(env)
    }
}

impl Debug for Outside {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Outside").field(&self.models).finish()
    }
}

#[cfg(feature = "chat")]
mod chat {
    use super::Outside;
    use crate::chat::{ChatError, Dimension, Judge, Server, Speaker};
    use crate::env::dialogue::Dialogue;
    use std::sync::Arc;

    /// The model that judges training; that of the partner where it is not set.
    const JUDGE: &str = "ISTAR_CHAT_JUDGE";
    /// The model that judges validation and test; that of training where it is not set.
    const SECOND: &str = "ISTAR_CHAT_SECOND_JUDGE";

    impl Outside {
        /// The models that the environment names: see [`Server::from_env`].
        pub(in crate::worlds) fn from_env() -> Result<Self, String> {
            Self::named().map_err(|error| error.to_string())
        }

        fn named() -> Result<Self, ChatError> {
            let set = |name| std::env::var(name).ok().filter(|model| !model.trim().is_empty());
            let named = |name, or: &Server| match set(name) {
                Some(model) => or.with_model(&model),
                None => Ok(or.clone()),
            };
            let partner = Server::from_env()?;
            let judge = named(JUDGE, &partner)?;
            let second = named(SECOND, &judge)?;
            let models = [&partner, &judge, &second].map(|server| server.model().to_owned());
            let [judge, second] = [judge, second].map(|server| Judge::new(server, Dimension::social()));
            let partner = Speaker::new(partner);
            let seat = move |env: Dialogue| {
                env.with_partner(partner.clone()).with_judges(judge.clone(), second.clone())
            };
            Ok(Outside { models, seat: Arc::new(seat) })
        }
    }
}

#[cfg(not(feature = "chat"))]
impl Outside {
    /// Nobody: there is no client.
    pub(super) fn from_env() -> Result<Self, String> {
        Err("this program was built without the feature `chat`, which talks to models: build it with `--features cli,chat`".into())
    }
}
