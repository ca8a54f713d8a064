//! What a pair of scores costs, as a number with its slopes.

/// What a preference costs. `s` are the scores of the preferred and the other trajectory, `z = s / beta`, and `m` is the difference of the scores
/// less the margin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Link {
    /// `-(1 - e) log σ(m) - e log σ(-m)`: DPO (arXiv 2305.18290), cDPO with `e`, SimPO (arXiv 2405.14734) with a margin.
    Sigmoid {
        /// How probable it is that a label is wrong.
        smooth: f64,
        /// By how much the preferred one has to be ahead.
        margin: f64,
    },
    /// `(-(1 - e) log σ(m) + e log σ(-m)) / (1 - 2e)`: unbiased where labels are wrong with probability `e` (arXiv 2403.00409).
    Robust {
        /// How probable it is that a label is wrong.
        smooth: f64,
    },
    /// `max(0, 1 - m)` (SLiC, arXiv 2309.06657).
    Hinge {
        /// By how much the preferred one has to be ahead, beside the 1.
        margin: f64,
    },
    /// `(z⁺ - z⁻ - 1/(2 beta))²` (IPO, arXiv 2310.12036, eq. 17).
    Ipo,
    /// The divergence of `(σ(m), σ(-m))` from `(1 - e, e)` (EXO, arXiv 2402.00856, eq. 16, with two answers).
    Exo {
        /// How probable it is that a label is wrong; above 0.
        smooth: f64,
    },
    /// `-log σ(s⁺) - ½ log σ(-s⁺) - ½ log σ(-s⁻)` (NCA, arXiv 2402.05369).
    Nca,
    /// `-log σ(s⁺) - log σ(-s⁻)` (BCO, arXiv 2404.04656, with the threshold at 0).
    Bco,
    /// `(z⁺ - 1/(2 beta))² + (z⁻ + 1/(2 beta))²` (SPPO with certain labels, arXiv 2405.00675).
    Sppo,
    /// `1 - σ(s⁺) + σ(s⁻)` (APO-zero, arXiv 2408.06266, eq. 7).
    ApoZero,
    /// `σ(s⁺) + 1 - σ(s⁺ - s⁻)` (APO-down, eq. 8 there).
    ApoDown,
    /// `-(1 - w) log σ(m) + w exp(-m)` with `w = σ(m / tau)` (DiscoPOP, arXiv 2406.08414, eq. 5).
    Discopop {
        /// How sharply one form gives way to the other.
        tau: f64,
    },
    /// `-log σ(l(z⁺) - l(z⁻))` with the log-odds `l(z) = z - log(1 - exp z)` of probabilities `exp z` (ORPO, arXiv 2403.07691). What
    /// is certain, `z = 0`, has no odds: it is held just below, without gradient there.
    Odds,
}

/// What a pair costs, and its derivatives by the two scores.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cost {
    pub loss: f64,
    pub better: f64,
    pub worse: f64,
}

fn sigmoid(x: f64) -> f64 {
    if x >= 0.0 { 1.0 / (1.0 + (-x).exp()) } else { x.exp() / (1.0 + x.exp()) }
}

/// No exponent goes higher, so that a cost stays a number.
pub(super) const HIGHEST: f64 = 700.0;

/// `-log σ(x)`.
fn surprise(x: f64) -> f64 {
    (-x).max(0.0) + (-x.abs()).exp().ln_1p()
}

impl Link {
    /// Plain DPO.
    pub const DPO: Link = Link::Sigmoid { smooth: 0.0, margin: 0.0 };

    /// What a pair with these scores costs.
    pub(super) fn cost(self, beta: f64, better: f64, worse: f64) -> Cost {
        // a function of the difference, and its derivative
        let apart = |loss: f64, slope: f64| Cost { loss, better: slope, worse: -slope };
        let gap = better - worse;
        // the slope of `surprise`
        let fall = |x: f64| -sigmoid(-x);
        match self {
            Link::Sigmoid { smooth: e, margin } => {
                let m = gap - margin;
                let slope = (1.0 - e) * fall(m) - e * fall(-m);
                apart((1.0 - e) * surprise(m) + e * surprise(-m), slope)
            }
            Link::Robust { smooth: e } => {
                let all = 1.0 - 2.0 * e;
                let loss = (1.0 - e) * surprise(gap) - e * surprise(-gap);
                apart(loss / all, ((1.0 - e) * fall(gap) + e * fall(-gap)) / all)
            }
            Link::Hinge { margin } => {
                let short = 1.0 - (gap - margin);
                apart(short.max(0.0), if short > 0.0 { -1.0 } else { 0.0 })
            }
            Link::Ipo => {
                let off = gap / beta - 0.5 / beta;
                apart(off * off, 2.0 * off / beta)
            }
            Link::Exo { smooth: e } => {
                let (p, q) = (sigmoid(gap), sigmoid(-gap));
                let (more, less) = (-surprise(gap) - (1.0 - e).ln(), -surprise(-gap) - e.ln());
                apart(p * more + q * less, p * q * (more - less))
            }
            Link::Nca => Cost {
                loss: surprise(better) + 0.5 * surprise(-better) + 0.5 * surprise(-worse),
                better: fall(better) - 0.5 * fall(-better),
                worse: -0.5 * fall(-worse),
            },
            Link::Bco => {
                Cost { loss: surprise(better) + surprise(-worse), better: fall(better), worse: -fall(-worse) }
            }
            Link::Sppo => {
                let (up, down) = (better / beta - 0.5 / beta, worse / beta + 0.5 / beta);
                Cost { loss: up * up + down * down, better: 2.0 * up / beta, worse: 2.0 * down / beta }
            }
            Link::ApoZero => {
                let (p, q) = (sigmoid(better), sigmoid(worse));
                Cost { loss: 1.0 - p + q, better: -p * (1.0 - p), worse: q * (1.0 - q) }
            }
            Link::ApoDown => {
                let (p, ahead) = (sigmoid(better), sigmoid(gap));
                let steep = ahead * (1.0 - ahead);
                Cost { loss: p + 1.0 - ahead, better: p * (1.0 - p) - steep, worse: steep }
            }
            Link::Discopop { tau } => {
                let w = sigmoid(gap / tau);
                let turn = w * (1.0 - w) / tau;
                let (logistic, exponential) = (surprise(gap), (-gap).min(HIGHEST).exp());
                let slope = (1.0 - w) * fall(gap) - w * exponential + turn * (exponential - logistic);
                apart(logistic * (1.0 - w) + exponential * w, slope)
            }
            Link::Odds => {
                let (up, down) = (better / beta, worse / beta);
                let odds = |z: f64| {
                    let z = z.min(-f64::EPSILON);
                    z - (-z.exp_m1()).ln()
                };
                let slope = fall(odds(up) - odds(down));
                let steep = |z: f64| if z < -f64::EPSILON { 1.0 / (-z.exp_m1()) / beta } else { 0.0 };
                let loss = surprise(odds(up) - odds(down));
                Cost { loss, better: slope * steep(up), worse: -slope * steep(down) }
            }
        }
    }
}
