//! What tables of the iStar paper run, beside what a world's own table has.

use super::Recipes;
use crate::ablations;
use crate::env::dialogue::Dialogue;
use crate::env::offered;
use crate::env::relay::Relay;
use crate::env::webshop::WebShop;
use crate::need::demand::Demand;
use crate::recipes::{IStarMerged, IStarToken, Ppo, PrimeRecipe, ReinforcePlusPlusBaseline};

ablations! {
    /// Table 2, in dialogues with a partner and in self-play.
    pub PaperDialogue {
        "PPO" = Ppo,
        "REINFORCE++ baseline" = ReinforcePlusPlusBaseline,
    }
}

impl Recipes<Dialogue> for PaperDialogue {
    const OFFERED: Demand = offered!(Dialogue);
}

impl Recipes<Relay<Dialogue>> for PaperDialogue {
    const OFFERED: Demand = offered!(Relay<Dialogue>);
}

ablations! {
    /// Tables 1 and 3, in a shop.
    pub PaperShop {
        "PPO" = Ppo,
        "REINFORCE++ baseline" = ReinforcePlusPlusBaseline,
        "PRIME (released recipe)" = PrimeRecipe,
        "iStar merged rewards" = IStarMerged,
        "iStar token level" = IStarToken,
    }
}

impl Recipes<WebShop> for PaperShop {
    const OFFERED: Demand = offered!(WebShop);
}
